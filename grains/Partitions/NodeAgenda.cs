namespace Monitoring.Partitions;

/// <summary>Which nodes must be told the time, and when. At most one entry for a node and an earlier look at it.</summary>
internal sealed class NodeAgenda
{
    private readonly PriorityQueue<NodeSlot, long> _deadlines = new();
    private readonly List<NodeSlot> _due = [];

    /// <summary>True when some node must be told a time; milliseconds since 1970-01-01T00:00:00Z.</summary>
    public bool IsDue(long now) => _deadlines.TryPeek(out _, out var deadline) && deadline <= now;

    /// <summary>Makes sure that the node is looked at no later than its deadline; an earlier look that is already planned will plan again.</summary>
    public void Schedule(NodeSlot slot)
    {
        if (slot.Deadline < slot.ScheduledFor)
        {
            slot.ScheduledFor = slot.Deadline;
            _deadlines.Enqueue(slot, slot.Deadline);
        }
    }

    /// <summary>
    /// Takes out every node whose deadline is over, by number: a replay must make their transitions in the same order. The list is good
    /// until the next call.
    /// </summary>
    public List<NodeSlot> TakeDue(long at)
    {
        _due.Clear();
        while (_deadlines.TryPeek(out var slot, out var deadline) && deadline <= at)
        {
            _deadlines.Dequeue();
            slot.ScheduledFor = long.MaxValue;
            if (slot.Deadline <= at)
            {
                _due.Add(slot);
            }
            else
            {
                Schedule(slot);
            }
        }

        _due.Sort(static (left, right) => left.Number.CompareTo(right.Number));
        return _due;
    }
}
