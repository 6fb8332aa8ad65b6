using Monitoring.Indicators;

namespace Monitoring.Partitions;

/// <summary>
/// When the oldest points on their way were journaled at their leaves, by depth of the node that they come to next; milliseconds since
/// 1970-01-01T00:00:00Z. Apart by depth, because what comes to the root has been under way for longer than what comes to a leaf's parent: with one
/// time for all, each would inherit the other's age without end.
/// </summary>
internal sealed class OldestPoints
{
    /// <summary>In place of a time when there are no points.</summary>
    public const long None = long.MaxValue;

    private readonly long[] _times = new long[NodeKey.MaxDepth + 1];

    public OldestPoints() => Clear();

    /// <summary>Time of the oldest points that come to nodes of a depth.</summary>
    public long this[int depth] => _times[depth];

    /// <summary>Time of the oldest of all.</summary>
    public long Oldest => _times.Min();

    /// <summary>Takes note of points that come to nodes of a depth.</summary>
    public void Note(int depth, long time) => _times[depth] = Math.Min(_times[depth], time);

    /// <summary>Takes note of all points of a delivery.</summary>
    public void Note(ContributionsItem item)
    {
        for (var depth = 0; depth < _times.Length; depth++)
        {
            Note(depth, depth < item.OldestByDepth.Length ? item.OldestByDepth[depth] : item.OldestAcceptedAt);
        }
    }

    public long[] ToArray() => [.. _times];

    public void Clear() => Array.Fill(_times, None);
}
