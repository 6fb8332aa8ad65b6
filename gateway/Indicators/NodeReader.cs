using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Monitoring.Dictionary;
using Monitoring.Gateway.Dictionary;
using Monitoring.Gateway.Hosting;
using Monitoring.History;
using Monitoring.Indicators;
using Monitoring.Partitions;

namespace Monitoring.Gateway.Indicators;

/// <summary>Reads nodes over all partitions. Thread-safe.</summary>
internal sealed class NodeReader(
    IGrainFactory grains, PartitionMap partitions, DictionaryCache dictionary, IOptions<IndicatorQueryOptions> options,
    IOptions<HistoryOptions> history, TimeProvider clock)
{
    /// <summary>A node as it stands; null when it never received a point.</summary>
    public async Task<NodeReading?> GetAsync(NodeKey key, CancellationToken cancellationToken)
    {
        var readings = await Partition(partitions.PartitionOf(key)).ReadNodesAsync([key], cancellationToken);
        return readings.IsDefaultOrEmpty ? null : readings[0];
    }

    /// <summary>Key of every node that matches, or of the first so many as the selection says; ordered by path.</summary>
    public async Task<ImmutableArray<NodeKey>> ListKeysAsync(NodeSelection selection, CancellationToken cancellationToken)
    {
        var keys = ImmutableArray.CreateBuilder<NodeKey>();
        foreach (var part in await AskAllAsync(partition => partition.ListNodesAsync(selection, cancellationToken)))
        {
            // A partition of an older version, which does not know pages, gives every node.
            keys.AddRange(part.Where(selection.Takes));
        }

        keys.Sort(static (left, right) => string.CompareOrdinal(left.Path, right.Path));
        if (selection.Limit > 0 && keys.Count > selection.Limit)
        {
            keys.Count = selection.Limit;
        }

        return keys.ToImmutable();
    }

    /// <summary>Number of an indicator's nodes.</summary>
    public async Task<long> CountAsync(string code, CancellationToken cancellationToken) =>
        (await AskAllAsync(partition => partition.CountNodesAsync(code, cancellationToken))).Sum(count => (long)count);

    /// <summary>Nodes of one indicator as they stand, ordered by path; those that do not exist are left out.</summary>
    public async Task<ImmutableArray<NodeReading>> ReadAsync(ImmutableArray<NodeKey> keys, CancellationToken cancellationToken)
    {
        var readings = ImmutableArray.CreateBuilder<NodeReading>(keys.Length);
        foreach (var groups in keys.GroupBy(partitions.PartitionOf).Chunk(options.Value.MaxParallelReads))
        {
            var found = await Task.WhenAll(groups.Select(group => Partition(group.Key).ReadNodesAsync([.. group], cancellationToken)));
            foreach (var part in found)
            {
                readings.AddRange(part);
            }
        }

        readings.Sort(static (left, right) => string.CompareOrdinal(left.Key.Path, right.Key.Path));
        return readings.ToImmutable();
    }

    /// <summary>Buckets of a node; none when it, or its indicator, is unknown.</summary>
    /// <exception cref="ArgumentException">
    /// The span is empty or too late, or the resolution does not fit the indicator or the number of buckets.
    /// </exception>
    public async Task<NodeHistory> GetHistoryAsync(NodeHistoryRequest request, CancellationToken cancellationToken)
    {
        if (request.Start < 0 || request.End <= request.Start || request.End > UnixTime.Latest)
        {
            throw new ArgumentException(
                $"the span is {request.Start} to {request.End}, expected a start of 0 or more and a later end of at most {UnixTime.Latest}",
                nameof(request));
        }

        if (dictionary.Current.Find(request.Key.Code) is not { } definition)
        {
            return new NodeHistory([], request.ResolutionMs);
        }

        if (request.Period != PeriodKind.Rolling)
        {
            return await GetPeriodsAsync(request, definition, cancellationToken);
        }

        var resolution = request.Total ? 0 : Resolution(request, definition);
        var query = new HistoryQuery
        {
            Key = request.Key,

            // From the start of a bucket, so that the first one is whole.
            Start = request.Total ? request.Start : request.Start - (request.Start % resolution),
            End = request.End,
            Resolution = resolution,
        };
        var buckets = await Partition(partitions.PartitionOf(request.Key)).ReadHistoryAsync(query, cancellationToken);
        return new NodeHistory(buckets, request.Total ? request.End - request.Start : resolution);
    }

    private async Task<NodeHistory> GetPeriodsAsync(NodeHistoryRequest request, IndicatorDefinition definition, CancellationToken cancellationToken)
    {
        if (!definition.HasCalendar)
        {
            throw new ArgumentException(
                $"'{definition.Code}' has no calendar, so its history has no periods; ask for a resolution instead", nameof(request));
        }

        var query = new HistoryQuery { Key = request.Key, Start = request.Start, End = request.End, Resolution = 0, Period = request.Period };
        var periods = await Partition(partitions.PartitionOf(request.Key)).ReadHistoryAsync(query, cancellationToken);
        return periods.Length > request.MaxBuckets && !request.IsNewest
            ? throw new ArgumentException(
                $"the span has {periods.Length} such periods with points, at most {request.MaxBuckets} are wanted; shorten it or ask for more",
                nameof(request))
            : new NodeHistory([.. periods.TakeLast(request.MaxBuckets)], ResolutionMs: 0);
    }

    private long Resolution(NodeHistoryRequest request, IndicatorDefinition definition)
    {
        var smallest = (long)definition.Resolution.TotalMilliseconds;
        if (request.ResolutionMs == 0)
        {
            var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
            var kept = HistoryResolution.FinestKept(definition, request.Start, now, history.Value);
            return HistoryResolution.Choose(request.Start, request.End, kept, Math.Max(2, request.MaxBuckets));
        }

        if (request.ResolutionMs < 0 || request.ResolutionMs % smallest != 0)
        {
            throw new ArgumentException(
                $"the resolution is {request.ResolutionMs} ms, expected a multiple of {smallest} ms, which is that of the indicator",
                nameof(request));
        }

        var buckets = HistoryResolution.Buckets(request.Start, request.End, request.ResolutionMs);
        return buckets > request.MaxBuckets
            ? throw new ArgumentException(
                $"the span has {buckets} buckets of {request.ResolutionMs} ms, at most {request.MaxBuckets} are wanted; "
                + "widen one or shorten the other",
                nameof(request))
            : request.ResolutionMs;
    }

    private async Task<List<TAnswer>> AskAllAsync<TAnswer>(Func<IPartitionGrain, Task<TAnswer>> ask)
    {
        var answers = new List<TAnswer>(partitions.Count);
        foreach (var numbers in Enumerable.Range(0, partitions.Count).Chunk(options.Value.MaxParallelReads))
        {
            answers.AddRange(await Task.WhenAll(numbers.Select(number => ask(Partition(number)))));
        }

        return answers;
    }

    private IPartitionGrain Partition(int number) => grains.GetGrain<IPartitionGrain>(number);
}
