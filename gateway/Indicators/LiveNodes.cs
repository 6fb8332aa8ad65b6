using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Monitoring.Indicators;
using Monitoring.Partitions;

namespace Monitoring.Gateway.Indicators;

/// <summary>What changed, and whether everything that was selected has been told once.</summary>
internal sealed record LiveNodesUpdate(ImmutableArray<NodeReading> Nodes, bool SnapshotComplete);

/// <summary>Live values.</summary>
internal sealed class LiveNodes
{
    private readonly LiveNodesUpdate _empty = new([], SnapshotComplete: true);

    /// <summary>A snapshot, then changes.</summary>
    public async IAsyncEnumerable<LiveNodesUpdate> WatchAsync(
        ImmutableArray<NodeSelection> selections, TimeSpan interval, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return _empty;
        await Task.Delay(selections.IsEmpty ? interval : Timeout.InfiniteTimeSpan, cancellationToken);
    }
}
