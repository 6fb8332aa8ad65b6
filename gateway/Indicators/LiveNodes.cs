using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Monitoring.Gateway.Hosting;
using Monitoring.Indicators;
using Monitoring.Partitions;

namespace Monitoring.Gateway.Indicators;

/// <summary>Nodes that are new or changed.</summary>
/// <param name="Nodes">Each as it stands now, ordered by code and path.</param>
/// <param name="SnapshotComplete">True on the last update of the snapshot a watch begins with.</param>
internal sealed record LiveNodesUpdate(ImmutableArray<NodeReading> Nodes, bool SnapshotComplete);

/// <summary>Live values, for gRPC and for the console. Thread-safe.</summary>
internal sealed class LiveNodes(
    NodeReader reader, WatcherMetrics metrics, IOptions<IndicatorQueryOptions> options, TimeProvider clock, ILoggerFactory loggers)
{
    private readonly SharedSources<NodeSelection, SelectionPoller> _pollers = Pollers(
        reader, options.Value, clock, loggers.CreateLogger<SelectionPoller>(), metrics);

    /// <summary>
    /// First every node that matches, then those that changed, at most once per interval. Who reads slowly misses what was in between,
    /// never the latest.
    /// </summary>
    /// <exception cref="ArgumentException">Too few or many selections.</exception>
    /// <exception cref="RpcException">
    /// RESOURCE_EXHAUSTED: too many watch already. INVALID_ARGUMENT: a selection matches too many nodes.
    /// </exception>
    /// <exception cref="TimeoutException">The nodes could not be read for too long.</exception>
    public async IAsyncEnumerable<LiveNodesUpdate> WatchAsync(
        ImmutableArray<NodeSelection> selections, TimeSpan interval, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        selections = [.. selections.Distinct()];
        if (selections.Length == 0 || selections.Length > options.Value.MaxSelections)
        {
            throw new ArgumentException(
                $"{selections.Length} selections are given, expected 1 to {options.Value.MaxSelections}", nameof(selections));
        }

        interval = interval < options.Value.MinInterval ? options.Value.MinInterval : interval;
        await using var watcher = _pollers.Enter();
        var pollers = new List<SelectionPoller>(selections.Length);
        foreach (var selection in selections)
        {
            var poller = watcher.Take(selection);
            pollers.Add(poller);
            poller.Attach(watcher.Wake, interval);
        }

        var rounds = new long[pollers.Count];
        var changed = new Dictionary<NodeKey, NodeReading>();
        var isSnapshot = true;
        while (true)
        {
            await watcher.Wake.WaitAsync(cancellationToken);
            for (var index = 0; index < rounds.Length; index++)
            {
                metrics.OnUpdatesSkipped(pollers[index].Collect(ref rounds[index], changed));
            }

            if (isSnapshot ? !rounds.All(round => round > 0) : changed.Count == 0)
            {
                continue;
            }

            foreach (var update in ToUpdates(changed, isSnapshot))
            {
                yield return update;
            }

            isSnapshot = false;
            changed.Clear();
            await Task.Delay(interval, clock, cancellationToken);
        }
    }

    private static SharedSources<NodeSelection, SelectionPoller> Pollers(
        NodeReader reader, IndicatorQueryOptions options, TimeProvider clock, ILogger<SelectionPoller> logger, WatcherMetrics metrics) =>
        new(
            selection => new SelectionPoller(selection, reader, options, clock, logger),
            options.MaxWatchers,
            metrics.OnIndicatorWatchers);

    private IEnumerable<LiveNodesUpdate> ToUpdates(Dictionary<NodeKey, NodeReading> changed, bool isSnapshot)
    {
        var nodes = changed.Values.ToArray();
        Array.Sort(nodes, static (left, right) =>
            string.CompareOrdinal(left.Key.Code, right.Key.Code) is var byCode and not 0
                ? byCode
                : string.CompareOrdinal(left.Key.Path, right.Key.Path));
        var size = options.Value.MaxNodesPerUpdate;
        for (var start = 0; start < Math.Max(1, nodes.Length); start += size)
        {
            var end = Math.Min(start + size, nodes.Length);
            yield return new LiveNodesUpdate([.. nodes[start..end]], isSnapshot && end == nodes.Length);
        }
    }
}
