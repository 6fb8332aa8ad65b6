using Monitoring.Indicators;

namespace Monitoring.Partitions;

/// <summary>
/// Sorts what an entry holds by node, so that each node is called once: two passes, counting and placing, over columns that are reused
/// from entry to entry.
/// </summary>
internal sealed class NodeGrouping
{
    private readonly List<NodeSlot> _touched = [];

    /// <summary>Nodes to call, each once.</summary>
    public IReadOnlyList<NodeSlot> Touched => _touched;

    /// <summary>Event times of points, by node.</summary>
    public long[] Times { get; private set; } = [];

    /// <summary>Values of points, by node.</summary>
    public double[] Values { get; private set; } = [];

    /// <summary>Contributions, by node.</summary>
    public BucketDelta[] Deltas { get; private set; } = [];

    /// <summary>Sources of corrections, by node; null for ordinary points, and as a whole when the entry holds no correction.</summary>
    public string?[]? CorrectedBy { get; private set; }

    public void Group(IReadOnlyList<JournalItem> items)
    {
        Clear();
        foreach (var item in items)
        {
            Count(item);
        }

        var points = 0;
        var deltas = 0;
        foreach (var slot in _touched)
        {
            (slot.PointCursor, slot.DeltaCursor) = (points, deltas);
            points += slot.PointCount;
            deltas += slot.DeltaCount;
        }

        Reserve(points, deltas);
        foreach (var item in items)
        {
            Place(item);
        }
    }

    /// <summary>Adds a node that is called although the entry holds nothing for it.</summary>
    public void Touch(NodeSlot slot)
    {
        if (!slot.IsTouched)
        {
            slot.IsTouched = true;
            _touched.Add(slot);
        }
    }

    /// <summary>Where the points of a node begin; valid after <see cref="Group"/>.</summary>
    public static int PointStart(NodeSlot slot) => slot.PointCursor - slot.PointCount;

    /// <summary>Where the deltas of a node begin; valid after <see cref="Group"/>.</summary>
    public static int DeltaStart(NodeSlot slot) => slot.DeltaCursor - slot.DeltaCount;

    private void Clear()
    {
        foreach (var slot in _touched)
        {
            slot.IsTouched = false;
            slot.PointCount = slot.DeltaCount = slot.PointCursor = slot.DeltaCursor = 0;
            (slot.IsRestated, slot.Shares) = (false, null);
        }

        CorrectedBy = null;
        _touched.Clear();
    }

    private void Count(JournalItem item)
    {
        switch (item)
        {
            case CountedItem points:
                foreach (var slot in points.Slots)
                {
                    Touch(slot);
                    slot.PointCount++;
                }

                break;
            case ContributionsItem contributions:
                foreach (var slot in contributions.Slots)
                {
                    Touch(slot);
                    slot.DeltaCount++;
                }

                foreach (var slot in contributions.ShareSlots)
                {
                    Touch(slot);
                }

                break;
        }
    }

    private void Place(JournalItem item)
    {
        switch (item)
        {
            case CountedItem points:
                for (var index = 0; index < points.Slots.Length; index++)
                {
                    var place = points.Slots[index].PointCursor++;
                    Times[place] = points.Times[index];
                    Values[place] = points.Values[index];
                    if (points is PointsItem { Corrections: { } corrections, Source: var source } && corrections[index])
                    {
                        (CorrectedBy ??= new string?[Times.Length])[place] = source;
                        points.Slots[index].IsRestated = true;
                    }
                }

                break;
            case ContributionsItem contributions:
                for (var index = 0; index < contributions.Slots.Length; index++)
                {
                    var slot = contributions.Slots[index];
                    Deltas[slot.DeltaCursor++] = contributions.Deltas[index];
                    slot.IsRestated |= contributions.Deltas[index].Retracted is not null;
                }

                for (var index = 0; index < contributions.Shares.Length; index++)
                {
                    var slot = contributions.ShareSlots[index];
                    (slot.Shares ??= []).Add(contributions.Shares[index]);
                    slot.IsRestated = true;
                }

                break;
        }
    }

    private void Reserve(int points, int deltas)
    {
        if (Times.Length < points)
        {
            Times = new long[points * 2];
            Values = new double[points * 2];
        }

        if (Deltas.Length < deltas)
        {
            Deltas = new BucketDelta[deltas * 2];
        }
    }
}
