using System.Diagnostics;
using Grpc.Core;
using Monitoring.Chaos.Input;
using Monitoring.Chaos.Oracle;

namespace Monitoring.Chaos.Audit;

/// <summary>Compares every node of the centre, bucket by bucket, with what it must hold.</summary>
internal sealed class NodeAudit(CentreReader reader, ExpectedTree expected, InputShape shape)
{
    private const int ParallelReads = 8;
    private static readonly TimeSpan _settleLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(250);

    private readonly ChaosTree _tree = new(shape.Leaves);

    /// <summary>Waits, for a limited time, until the root counts as many points as were acknowledged.</summary>
    public async Task<TimeSpan> SettleAsync(CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        foreach (var indicator in Enum.GetValues<InputIndicator>())
        {
            var wanted = expected.TotalOf(indicator, depth: 0, node: 0).Count;
            while (await CountAsync(indicator, cancellationToken) != wanted && Stopwatch.GetElapsedTime(began) < _settleLimit)
            {
                await Task.Delay(_pause, TimeProvider.System, cancellationToken);
            }
        }

        return Stopwatch.GetElapsedTime(began);
    }

    /// <summary>Compares all nodes; one that differs is read again for a limited time.</summary>
    public async Task<NodeVerdict> RunAsync(CancellationToken cancellationToken)
    {
        var verdict = new NodeVerdict();
        var began = Stopwatch.GetTimestamp();
        var gate = new Lock();
        var nodes =
            from indicator in Enum.GetValues<InputIndicator>()
            from depth in Enumerable.Range(0, ChaosTree.Depth + 1)
            from node in Enumerable.Range(0, _tree.NodesAt(depth))
            where depth == 0 || expected.BucketsOf(indicator, depth, node).Count > 0
            select (indicator, depth, node);
        var options = new ParallelOptions { MaxDegreeOfParallelism = ParallelReads, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(nodes, options, async (at, token) =>
        {
            var path = ChaosTree.PathOf(at.depth, at.node);
            var wanted = expected.BucketsOf(at.indicator, at.depth, at.node);
            var found = await BucketsAsync(at.indicator, path, token);
            while (!NodeVerdict.AreEqual(wanted, found) && Stopwatch.GetElapsedTime(began) < _settleLimit)
            {
                // Something may still be under way to it.
                await Task.Delay(_pause, TimeProvider.System, token);
                found = await BucketsAsync(at.indicator, path, token);
            }

            lock (gate)
            {
                verdict.Add($"{ChaosDictionary.CodeOf(at.indicator)}/{path}", at.depth == ChaosTree.Depth, wanted, found);
            }
        });
        return verdict;
    }

    private async Task<long> CountAsync(InputIndicator indicator, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.CountAsync(indicator, string.Empty, shape.Start, cancellationToken);
        }
        catch (RpcException notYet) when (notYet.StatusCode == StatusCode.NotFound)
        {
            return -1;
        }
    }

    private async Task<FoundBucket[]> BucketsAsync(InputIndicator indicator, string path, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.BucketsAsync(indicator, path, shape.Start, cancellationToken);
        }
        catch (RpcException missing) when (missing.StatusCode == StatusCode.NotFound)
        {
            return [];
        }
    }
}
