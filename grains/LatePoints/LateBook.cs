using Monitoring.History;
using Monitoring.Partitions;

namespace Monitoring.LatePoints;

/// <summary>
/// The late points of a partition that are journaled but not known to be stored, and which late points were put into their buckets since.
/// Bounded: beyond a number the oldest are dropped and counted.
/// </summary>
internal sealed class LateBook(int partition, HistoryOptions options, PartitionMetrics metrics)
{
    private readonly Dictionary<LateId, long> _reinjected = [];
    private Queue<LatePoint> _waiting = new();
    private Queue<LatePoint> _writing = new();

    /// <summary>Notes which late points a journaled entry puts into their buckets; before that entry is applied.</summary>
    public void OnJournaled(JournalEntry entry)
    {
        foreach (var item in entry.Items)
        {
            if (item is ReinjectedItem reinjected)
            {
                foreach (var id in reinjected.Ids)
                {
                    _reinjected[id] = entry.Sequence;
                }
            }
        }
    }

    /// <summary>Keeps the late points of an entry that is applied.</summary>
    public void OnApplied(JournalEntry entry)
    {
        var index = 0;
        foreach (var item in entry.Items)
        {
            if (item is LateItem late)
            {
                index = Keep(late, entry, index);
            }
        }
    }

    /// <summary>What a checkpoint that covers an entry must store; until <see cref="OnStored"/> it stays here too.</summary>
    public LateChanges Take(long through)
    {
        (_waiting, _writing) = (_writing, _waiting);
        return _writing.Count == 0 && _reinjected.Count == 0
            ? LateChanges.None
            : new LateChanges([.. _writing], [.. _reinjected.Where(mark => mark.Value <= through).Select(mark => mark.Key)]);
    }

    /// <summary>What <see cref="Take"/> gave is durable.</summary>
    public void OnStored(long through)
    {
        _writing.Clear();
        foreach (var (id, entry) in _reinjected)
        {
            if (entry <= through)
            {
                _reinjected.Remove(id);
            }
        }
    }

    /// <summary>True when a point was put into its bucket and the storage may not know yet.</summary>
    public bool IsReinjected(LateId id) => _reinjected.ContainsKey(id);

    /// <summary>The points that the storage may not know yet, in order.</summary>
    public IEnumerable<LatePoint> Points => _writing.Concat(_waiting).Select(point => AsItStands(point));

    /// <summary>A point, stored or not, with what happened to it since.</summary>
    public LatePoint AsItStands(LatePoint point) => IsReinjected(point.Id) ? point with { State = LateState.Reinjected } : point;

    private int Keep(LateItem late, JournalEntry entry, int index)
    {
        for (var position = 0; position < late.Slots.Length; position++)
        {
            if (_waiting.Count >= options.MaxLatePoints)
            {
                _waiting.Dequeue();
                metrics.OnLateOverflowed(1);
            }

            _waiting.Enqueue(new LatePoint
            {
                Id = new LateId(partition, entry.Sequence, index++),
                Key = late.Slots[position].Key,
                Time = late.Times[position],
                Value = late.Values[position],
                Source = late.Source,
                ReceivedAt = entry.At,
                AllowedLateness = late.Allowed[position],
            });
        }

        return index;
    }
}
