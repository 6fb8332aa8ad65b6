using Monitoring.Indicators;

namespace Monitoring.Partitions;

/// <summary>
/// Sorts what some journal entries hold by node, so that each node is called once for all of them: two passes, counting and placing, over
/// columns that are reused from round to round.
/// </summary>
internal sealed class NodeGrouping
{
    private NodeGroup[] _groups = new NodeGroup[64];
    private NodePart[] _parts = new NodePart[64];
    private RoundEntry[] _entries = [];
    private long[] _times = [];
    private double[] _values = [];
    private BucketDelta[] _deltas = [];
    private string?[]? _correctedBy;
    private int _partCount;

    /// <summary>Number of nodes to call, each once.</summary>
    public int Count { get; private set; }

    /// <summary>A node and what the round holds for it; valid until the next change.</summary>
    public ref NodeGroup this[int index] => ref _groups[index];

    /// <summary>Sorts entries, in the order of the journal.</summary>
    public void Group(IReadOnlyList<JournalEntry> entries)
    {
        Clear();
        _entries = new RoundEntry[entries.Count];
        for (var entry = 0; entry < entries.Count; entry++)
        {
            _entries[entry] = new RoundEntry(entries[entry].Sequence, entries[entry].At);
            foreach (var item in entries[entry].Items)
            {
                CountItem(item, entry);
            }
        }

        Reserve();
        for (var entry = 0; entry < entries.Count; entry++)
        {
            foreach (var item in entries[entry].Items)
            {
                Place(item, entry);
            }
        }
    }

    /// <summary>Adds a node that is called although the entries, of which there is only one, hold nothing for it.</summary>
    public void Touch(NodeSlot slot)
    {
        if (slot.Place != 0)
        {
            return;
        }

        ref var group = ref GroupOf(slot);
        if (_partCount == _parts.Length)
        {
            Array.Resize(ref _parts, _partCount * 2);
        }

        (group.FirstPart, group.PartCount) = (_partCount, 1);
        _parts[_partCount] = new NodePart { Order = _partCount };
        _partCount++;
    }

    /// <summary>What nodes are told; the columns are good until the next round.</summary>
    public NodeRound ToRound(int partition, int partitionCount, long dictionaryVersion, long now) => new()
    {
        Partition = partition,
        PartitionCount = partitionCount,
        DictionaryVersion = dictionaryVersion,
        Entries = _entries,
        Parts = _parts,
        Times = _times,
        Values = _values,
        Deltas = _deltas,
        CorrectedBy = _correctedBy,
        Now = now,
    };

    /// <summary>A part of the round.</summary>
    public ref readonly NodePart Part(int index) => ref _parts[index];

    /// <summary>When the first journal entry that holds something for a node was journaled.</summary>
    public long FirstAt(in NodeGroup group) => _entries[_parts[group.FirstPart].Entry].At;

    /// <summary>Sequence of the last journal entry that holds something for a node.</summary>
    public long LastEntry(in NodeGroup group) => _entries[_parts[group.FirstPart + group.PartCount - 1].Entry].Sequence;

    private void Clear()
    {
        for (var index = 0; index < Count; index++)
        {
            _groups[index].Slot.Place = 0;
        }

        Array.Clear(_groups, 0, Count);
        (Count, _partCount, _correctedBy) = (0, 0, null);
    }

    private ref NodeGroup GroupOf(NodeSlot slot)
    {
        if (slot.Place != 0)
        {
            return ref _groups[slot.Place - 1];
        }

        if (Count == _groups.Length)
        {
            Array.Resize(ref _groups, Count * 2);
        }

        slot.Place = ++Count;
        ref var group = ref _groups[Count - 1];
        (group.Slot, group.LastEntry) = (slot, -1);
        return ref group;
    }

    private ref NodeGroup CountPart(NodeSlot slot, int entry)
    {
        ref var group = ref GroupOf(slot);
        if (group.LastEntry != entry)
        {
            group.LastEntry = entry;
            group.PartCount++;
        }

        return ref group;
    }

    private void CountItem(JournalItem item, int entry)
    {
        switch (item)
        {
            case CountedItem points:
                foreach (var slot in points.Slots)
                {
                    CountPart(slot, entry).PointCount++;
                }

                break;
            case ContributionsItem contributions:
                foreach (var slot in contributions.Slots)
                {
                    CountPart(slot, entry).DeltaCount++;
                }

                foreach (var slot in contributions.ShareSlots)
                {
                    CountPart(slot, entry);
                }

                break;
        }
    }

    /// <summary>Gives each node its stretch of every column.</summary>
    private void Reserve()
    {
        var (points, deltas, parts) = (0, 0, 0);
        foreach (ref var group in _groups.AsSpan(0, Count))
        {
            (group.PointCursor, group.DeltaCursor, group.FirstPart, group.LastEntry) = (points, deltas, parts, -1);
            points += group.PointCount;
            deltas += group.DeltaCount;
            parts += group.PartCount;
            group.PartCount = 0;
        }

        if (_times.Length < points)
        {
            _times = new long[points * 2];
            _values = new double[points * 2];
        }

        if (_deltas.Length < deltas)
        {
            _deltas = new BucketDelta[deltas * 2];
        }

        if (_parts.Length < parts)
        {
            _parts = new NodePart[parts * 2];
        }
    }

    private ref NodeGroup PlacePart(NodeSlot slot, int entry)
    {
        ref var group = ref _groups[slot.Place - 1];
        if (group.LastEntry != entry)
        {
            group.LastEntry = entry;
            _parts[group.FirstPart + group.PartCount++] = new NodePart
            {
                Entry = entry,
                Order = _partCount++,
                PointStart = group.PointCursor,
                DeltaStart = group.DeltaCursor,
            };
        }

        return ref group;
    }

    private ref NodePart LastPart(in NodeGroup group) => ref _parts[group.FirstPart + group.PartCount - 1];

    private void Place(JournalItem item, int entry)
    {
        switch (item)
        {
            case CountedItem points:
                PlacePoints(points, entry);
                break;
            case ContributionsItem contributions:
                PlaceContributions(contributions, entry);
                break;
        }
    }

    private void PlacePoints(CountedItem item, int entry)
    {
        var (slots, times, values) = (item.Slots, item.Times, item.Values);
        for (var index = 0; index < slots.Length; index++)
        {
            ref var group = ref PlacePart(slots[index], entry);
            var place = group.PointCursor++;
            LastPart(group).PointCount++;
            _times[place] = times[index];
            _values[place] = values[index];
            if (item is PointsItem { Corrections: { } corrections, Source: var source } && corrections[index])
            {
                (_correctedBy ??= new string?[_times.Length])[place] = source;
                group.IsRestated = true;
            }
        }
    }

    private void PlaceContributions(ContributionsItem item, int entry)
    {
        for (var index = 0; index < item.Slots.Length; index++)
        {
            ref var group = ref PlacePart(item.Slots[index], entry);
            LastPart(group).DeltaCount++;
            _deltas[group.DeltaCursor++] = item.Deltas[index];
            group.IsRestated |= item.Deltas[index].Retracted is not null;
        }

        for (var index = 0; index < item.Shares.Length; index++)
        {
            ref var group = ref PlacePart(item.ShareSlots[index], entry);
            (group.Shares ??= []).Add(item.Shares[index]);
            group.IsRestated = true;
        }
    }
}

/// <summary>A node that a round concerns.</summary>
internal struct NodeGroup
{
    /// <summary>The node.</summary>
    public NodeSlot Slot;

    /// <summary>Position of its first part.</summary>
    public int FirstPart;

    /// <summary>Number of its parts.</summary>
    public int PartCount;

    /// <summary>Number of its points.</summary>
    public int PointCount;

    /// <summary>Number of its deltas.</summary>
    public int DeltaCount;

    /// <summary>Where its next point goes.</summary>
    public int PointCursor;

    /// <summary>Where its next delta goes.</summary>
    public int DeltaCursor;

    /// <summary>Position of the last entry seen that concerns it.</summary>
    public int LastEntry;

    /// <summary>True when points are corrected, something is taken back, or shares come.</summary>
    public bool IsRestated;

    /// <summary>Shares; null for none.</summary>
    public List<BucketShare>? Shares;
}
