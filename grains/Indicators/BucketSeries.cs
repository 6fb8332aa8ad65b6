namespace Monitoring.Indicators;

/// <summary>
/// The buckets of one node at one resolution that are still needed in memory, ordered by start. Bounded by the length of the period:
/// older buckets leave with the next checkpoint.
/// </summary>
internal sealed class BucketSeries(long resolution)
{
    private Slot[] _slots = new Slot[2];
    private int _count;

    /// <summary>Width of a bucket in milliseconds, or <see cref="BucketRow.DayResolution"/> for calendar days.</summary>
    public long Resolution => resolution;

    /// <summary>Number of buckets in memory.</summary>
    public int Count => _count;

    /// <summary>
    /// Adds points to the bucket that starts at <paramref name="start"/>. Points for a bucket that already left memory are kept apart, as
    /// an addition to what is stored.
    /// </summary>
    /// <param name="start">Start of the bucket, milliseconds since 1970-01-01T00:00:00Z.</param>
    /// <param name="added">The points.</param>
    /// <param name="keepFrom">Buckets that start before this may have left memory.</param>
    public void Add(long start, in Aggregate added, long keepFrom)
    {
        var index = _count - 1;
        while (index >= 0 && _slots[index].Start > start)
        {
            index--;
        }

        if (index >= 0 && _slots[index].Start == start)
        {
            ref var slot = ref _slots[index];
            slot.Aggregate = Aggregate.Merge(slot.Aggregate, added);
            slot.IsDirty = true;
            return;
        }

        Insert(index + 1, new Slot { Start = start, Aggregate = added, IsDirty = true, IsAddition = start < keepFrom });
    }

    /// <summary>Takes in a bucket as it is stored.</summary>
    public void Restore(long start, in Aggregate aggregate)
    {
        var index = _count;
        while (index > 0 && _slots[index - 1].Start > start)
        {
            index--;
        }

        Insert(index, new Slot { Start = start, Aggregate = aggregate });
    }

    /// <summary>
    /// Makes sure that the bucket that starts at <paramref name="start"/>, if it is in memory, holds all its points, and brings it back if it
    /// left memory.
    /// </summary>
    /// <param name="start">Start of the bucket, milliseconds since 1970-01-01T00:00:00Z.</param>
    /// <param name="stored">What is stored of it; empty for nothing.</param>
    public void Complete(long start, in Aggregate stored)
    {
        var index = IndexOf(start);
        if (index < 0)
        {
            if (!stored.IsEmpty)
            {
                Restore(start, stored);
            }
        }
        else if (_slots[index].IsAddition)
        {
            ref var slot = ref _slots[index];
            slot.Aggregate = Aggregate.Merge(stored, slot.Aggregate);
            slot.IsAddition = false;
        }
    }

    /// <summary>The bucket in memory that starts at a time; empty when there is none.</summary>
    public Aggregate Find(long start) => IndexOf(start) is >= 0 and var index ? _slots[index].Aggregate : default;

    /// <summary>Replaces a bucket that is in memory with all its points.</summary>
    public void Replace(long start, in Aggregate aggregate)
    {
        ref var slot = ref _slots[IndexOf(start)];
        slot.Aggregate = aggregate;
        slot.IsDirty = true;
    }

    /// <summary>All points of the buckets that start within [from, until).</summary>
    public Aggregate Total(long from, long until)
    {
        var total = default(Aggregate);
        for (var index = 0; index < _count; index++)
        {
            ref readonly var slot = ref _slots[index];
            if (slot.Start >= from && slot.Start < until)
            {
                total = Aggregate.Merge(total, slot.Aggregate);
            }
        }

        return total;
    }

    /// <summary>Start of the oldest bucket at or after a time; <see cref="long.MaxValue"/> when there is none.</summary>
    public long OldestFrom(long from)
    {
        for (var index = 0; index < _count; index++)
        {
            if (_slots[index].Start >= from)
            {
                return _slots[index].Start;
            }
        }

        return long.MaxValue;
    }

    /// <summary>Adds every bucket that starts within [from, until) to a list.</summary>
    public void CopyTo(List<BucketRow> rows, long from, long until)
    {
        for (var index = 0; index < _count; index++)
        {
            if (_slots[index].Start >= from && _slots[index].Start < until)
            {
                rows.Add(ToRow(_slots[index]));
            }
        }
    }

    /// <summary>Adds every bucket that changed since the last call to a list, and drops those that are no longer needed.</summary>
    public void TakeChanged(List<BucketRow> rows, long keepFrom)
    {
        var kept = 0;
        for (var index = 0; index < _count; index++)
        {
            ref var slot = ref _slots[index];
            if (slot.IsDirty)
            {
                rows.Add(ToRow(slot));
                slot.IsDirty = false;
            }

            if (slot.Start >= keepFrom && !slot.IsAddition)
            {
                _slots[kept++] = slot;
            }
        }

        _count = kept;
    }

    private int IndexOf(long start)
    {
        for (var index = _count - 1; index >= 0 && _slots[index].Start >= start; index--)
        {
            if (_slots[index].Start == start)
            {
                return index;
            }
        }

        return -1;
    }

    private BucketRow ToRow(in Slot slot) => new()
    {
        Resolution = resolution,
        Start = slot.Start,
        Aggregate = slot.Aggregate,
        IsAddition = slot.IsAddition,
    };

    private void Insert(int index, in Slot slot)
    {
        if (_count == _slots.Length)
        {
            Array.Resize(ref _slots, _count * 2);
        }

        Array.Copy(_slots, index, _slots, index + 1, _count - index);
        _slots[index] = slot;
        _count++;
    }

    private struct Slot
    {
        public long Start;
        public Aggregate Aggregate;
        public bool IsDirty;
        public bool IsAddition;
    }
}
