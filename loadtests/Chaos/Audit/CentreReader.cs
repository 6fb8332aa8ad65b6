using Grpc.Core;
using Monitoring.Chaos.Input;
using Monitoring.Chaos.Oracle;
using Monitoring.Protocol.V1;

namespace Monitoring.Chaos.Audit;

/// <summary>Reads what the centre shows of its nodes, through its public contract.</summary>
internal sealed class CentreReader(IReadOnlyList<Protocol.V1.Indicators.IndicatorsClient> gateways)
{
    private const int ListPage = 5_000;
    private const int MaxAttempts = 60;
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(500);
    private static readonly long _span = (long)TimeSpan.FromDays(3).TotalMilliseconds;
    private int _calls;

    private Protocol.V1.Indicators.IndicatorsClient Next => gateways[(int)((uint)Interlocked.Increment(ref _calls) % (uint)gateways.Count)];

    /// <summary>All buckets of a node that hold points, oldest first.</summary>
    /// <param name="indicator">Which indicator.</param>
    /// <param name="path">Path of the node.</param>
    /// <param name="around">A time within three days of every point.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<FoundBucket[]> BucketsAsync(InputIndicator indicator, string path, long around, CancellationToken cancellationToken)
    {
        var response = await AskAsync(client => client.HistoryAsync(Request(indicator, path, around), cancellationToken: cancellationToken), cancellationToken);
        return
        [
            .. response.Buckets.Where(bucket => bucket.Aggregate.Count > 0).Select(bucket => new FoundBucket(
                bucket.StartUnixMs,
                (long)bucket.Aggregate.Count,
                bucket.Aggregate.Sum,
                bucket.Aggregate.Min,
                bucket.Aggregate.Max,
                bucket.Aggregate.First,
                bucket.Aggregate.Last)),
        ];
    }

    /// <summary>Points of a node over all time.</summary>
    public async Task<long> CountAsync(InputIndicator indicator, string path, long around, CancellationToken cancellationToken)
    {
        var request = Request(indicator, path, around);
        request.ResolutionMs = 0;
        request.Total = true;
        var response = await AskAsync(client => client.HistoryAsync(request, cancellationToken: cancellationToken), cancellationToken);
        return response.Buckets.Sum(bucket => (long)bucket.Aggregate.Count);
    }

    /// <summary>All nodes of an indicator, with where their rules stand.</summary>
    public async Task<List<FoundNode>> NodesAsync(InputIndicator indicator, CancellationToken cancellationToken)
    {
        var nodes = new List<FoundNode>();
        var request = new ListIndicatorsRequest { Indicator = ChaosDictionary.CodeOf(indicator), PageSize = ListPage };
        do
        {
            var page = await AskAsync(client => client.ListAsync(request, cancellationToken: cancellationToken), cancellationToken);
            nodes.AddRange(page.Nodes.Select(ToFound));
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        return nodes;
    }

    /// <summary>Asks one gateway after the other until one answers.</summary>
    private async Task<T> AskAsync<T>(Func<Protocol.V1.Indicators.IndicatorsClient, AsyncUnaryCall<T>> ask, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await ask(Next);
            }
            catch (RpcException away) when (attempt < MaxAttempts && away.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded)
            {
                await Task.Delay(_pause, TimeProvider.System, cancellationToken);
            }
        }
    }

    private static HistoryRequest Request(InputIndicator indicator, string path, long around) => new()
    {
        Indicator = ChaosDictionary.CodeOf(indicator),
        Path = path,
        StartUnixMs = (around - _span) / ChaosDictionary.ResolutionMs * ChaosDictionary.ResolutionMs,
        EndUnixMs = (around + _span) / ChaosDictionary.ResolutionMs * ChaosDictionary.ResolutionMs,
        ResolutionMs = ChaosDictionary.ResolutionMs,
        MaxBuckets = 10_000,
    };

    private static FoundNode ToFound(Protocol.V1.Node node) => new()
    {
        Path = node.Path,
        Value = node.HasValue ? node.Value : null,
        Period = (node.PeriodStartUnixMs, node.PeriodEndUnixMs),
        Count = (long)node.Aggregate.Count,
        Firing = node.Rules
            .Where(rule => rule.Phase == RulePhase.Firing)
            .ToDictionary(rule => rule.Rule, rule => ((int)rule.Level, rule.AlertId), StringComparer.Ordinal),
    };
}
