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
    private readonly Lock _gate = new();
    private readonly Dictionary<NodeSelection, SharedPoller> _pollers = [];
    private readonly ILogger<SelectionPoller> _logger = loggers.CreateLogger<SelectionPoller>();
    private int _watchers;

    /// <summary>
    /// First every node that matches, then those that changed, at most once per interval. Who reads slowly misses what was in between,
    /// never the latest.
    /// </summary>
    /// <exception cref="ArgumentException">Too few or many selections.</exception>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: too many watch already. INVALID_ARGUMENT: a selection matches too many nodes.</exception>
    /// <exception cref="TimeoutException">The nodes could not be read for too long.</exception>
    public async IAsyncEnumerable<LiveNodesUpdate> WatchAsync(
        ImmutableArray<NodeSelection> selections, TimeSpan interval, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        selections = [.. selections.Distinct()];
        if (selections.Length == 0 || selections.Length > options.Value.MaxSelections)
        {
            throw new ArgumentException($"{selections.Length} selections are given, expected 1 to {options.Value.MaxSelections}", nameof(selections));
        }

        interval = interval < options.Value.MinInterval ? options.Value.MinInterval : interval;
        Enter();
        var wake = new WakeSignal();
        var pollers = new List<SelectionPoller>(selections.Length);
        try
        {
            foreach (var selection in selections)
            {
                var poller = Acquire(selection);
                pollers.Add(poller);
                poller.Attach(wake, interval);
            }

            var rounds = new long[pollers.Count];
            var changed = new Dictionary<NodeKey, NodeReading>();
            var isSnapshot = true;
            while (true)
            {
                await wake.WaitAsync(cancellationToken);
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
        finally
        {
            await LeaveAsync(selections, pollers, wake);
        }
    }

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

    private void Enter()
    {
        lock (_gate)
        {
            if (_watchers >= options.Value.MaxWatchers)
            {
                throw new RpcException(new Status(
                    StatusCode.ResourceExhausted, $"{_watchers} watchers are connected, which is all this gateway takes; use another gateway"));
            }

            _watchers++;
        }

        metrics.OnIndicatorWatchers(1);
    }

    private SelectionPoller Acquire(NodeSelection selection)
    {
        lock (_gate)
        {
            if (!_pollers.TryGetValue(selection, out var shared) || shared.Poller.HasFailed)
            {
                shared = new SharedPoller(new SelectionPoller(selection, reader, options.Value, clock, _logger));
                _pollers[selection] = shared;
            }

            shared.Watchers++;
            return shared.Poller;
        }
    }

    private async ValueTask LeaveAsync(ImmutableArray<NodeSelection> selections, List<SelectionPoller> pollers, WakeSignal wake)
    {
        var unused = new List<SelectionPoller>();
        lock (_gate)
        {
            _watchers--;
            for (var index = 0; index < pollers.Count; index++)
            {
                pollers[index].Detach(wake);

                // A poller that failed was perhaps replaced; then it is not in the table and ends by itself.
                if (_pollers.TryGetValue(selections[index], out var shared)
                    && ReferenceEquals(shared.Poller, pollers[index])
                    && --shared.Watchers == 0)
                {
                    _pollers.Remove(selections[index]);
                    unused.Add(pollers[index]);
                }
            }
        }

        metrics.OnIndicatorWatchers(-1);
        foreach (var poller in unused)
        {
            await poller.DisposeAsync();
        }
    }

    private sealed class SharedPoller(SelectionPoller poller)
    {
        public SelectionPoller Poller => poller;

        public int Watchers { get; set; }
    }
}
