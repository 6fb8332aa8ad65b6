using Monitoring.Indicators;
using Monitoring.LatePoints;

namespace Monitoring.Partitions;

/// <summary>One journal entry in memory: everything a partition was told in one round.</summary>
/// <param name="Sequence">1, 2, 3… within the partition.</param>
/// <param name="At">When it was journaled, milliseconds since 1970-01-01T00:00:00Z; never goes back along the journal.</param>
/// <param name="Items">What it was told, in order.</param>
internal sealed record JournalEntry(long Sequence, long At, IReadOnlyList<JournalItem> Items)
{
    /// <summary>Size of the stored payload in bytes.</summary>
    public int Size { get; set; }

    /// <summary>Nodes that the partition has as of this entry: those that it and the entries before it create.</summary>
    public int NodeCount { get; set; }

    /// <summary>Points and contributions in the entry: what the bound of the backlog counts.</summary>
    public int Weight
    {
        get
        {
            var weight = 0;
            foreach (var item in Items)
            {
                weight += item.Weight;
            }

            return weight;
        }
    }

    /// <summary>True when it is applied alone.</summary>
    public bool StandsAlone
    {
        get
        {
            foreach (var item in Items)
            {
                if (item.StandsAlone)
                {
                    return true;
                }
            }

            return false;
        }
    }
}

/// <summary>One thing a partition was told.</summary>
internal abstract record JournalItem
{
    /// <summary>Points or contributions in it.</summary>
    public virtual int Weight => 0;

    /// <summary>True when its entry is applied alone, because what it does depends on everything before, or changes what comes behind.</summary>
    public virtual bool StandsAlone => false;
}

/// <summary>A new activation claimed the partition.</summary>
internal sealed record ClaimedItem : JournalItem;

/// <summary>A version of the dictionary comes into force.</summary>
internal sealed record DictionaryItem(long Version) : JournalItem
{
    public override bool StandsAlone => true;
}

/// <summary>A sending partition opened a new epoch.</summary>
internal sealed record SenderItem(int Sender, long Epoch) : JournalItem;

/// <summary>Nodes whose deadline is over are told the time.</summary>
internal sealed record TickItem : JournalItem
{
    public override bool StandsAlone => true;
}

/// <summary>Points that count, in columns.</summary>
internal abstract record CountedItem(NodeSlot[] Slots, long[] Times, double[] Values) : JournalItem
{
    public override int Weight => Slots.Length;

    public override bool StandsAlone => Corrections is not null;

    /// <summary>True for each point that takes the place of all at its node and time; null when there is none.</summary>
    public bool[]? Corrections { get; init; }
}

/// <summary>Points of one batch of a source.</summary>
internal sealed record PointsItem(string Source, long Epoch, long Sequence, NodeSlot[] Slots, long[] Times, double[] Values)
    : CountedItem(Slots, Times, Values);

/// <summary>Points of one batch that do not count.</summary>
/// <param name="Source">Who sent them.</param>
/// <param name="Sequence">Sequence of the batch.</param>
/// <param name="Unknown">Positions of those whose indicator was not in the dictionary.</param>
/// <param name="Overdue">Positions of corrections that came when raw points of their time might be forgotten.</param>
/// <param name="Excess">Positions of those whose nodes would have been too many.</param>
internal sealed record RefusedItem(string Source, long Sequence, int[] Unknown, int[] Overdue, int[] Excess) : JournalItem
{
    /// <summary>Number of points.</summary>
    public int Count => Unknown.Length + Overdue.Length + Excess.Length;
}

/// <summary>Points of one batch that came later than their indicators allow, in columns: they are kept, but do not count.</summary>
/// <param name="Source">Who sent them.</param>
/// <param name="Slots">Their nodes.</param>
/// <param name="Times">Their event times.</param>
/// <param name="Values">Their values.</param>
/// <param name="Allowed">What their indicators allowed, in milliseconds.</param>
internal sealed record LateItem(string Source, NodeSlot[] Slots, long[] Times, double[] Values, long[] Allowed) : JournalItem
{
    public override int Weight => Slots.Length;
}

/// <summary>Late points that count from here on, because somebody asked for it; with all they hold, so that a replay needs nothing else.</summary>
internal sealed record ReinjectedItem(LateId[] Ids, NodeSlot[] Slots, long[] Times, double[] Values) : CountedItem(Slots, Times, Values);

/// <summary>Contributions of another partition's nodes, in columns.</summary>
internal sealed record ContributionsItem(
    int Sender, long Epoch, long Entry, long OldestAcceptedAt, NodeSlot[] Slots, BucketDelta[] Deltas) : JournalItem
{
    public override int Weight => Slots.Length + Shares.Length;

    public override bool StandsAlone => IsRestating;

    /// <summary>True when something is taken back, or shares come.</summary>
    public bool IsRestating
    {
        get
        {
            foreach (ref readonly var delta in Deltas.AsSpan())
            {
                if (delta.Retracted is not null)
                {
                    return true;
                }
            }

            return Shares.Length > 0;
        }
    }

    /// <summary>
    /// When the oldest points that come to nodes of each depth were journaled; not journaled itself, so empty in a replay.
    /// </summary>
    public long[] OldestByDepth { get; init; } = [];

    /// <summary>Nodes that collect the <see cref="Shares"/>.</summary>
    public NodeSlot[] ShareSlots { get; init; } = [];

    /// <summary>Shares of buckets.</summary>
    public BucketShare[] Shares { get; init; } = [];
}

/// <summary>Nodes elsewhere ask what their children here hold.</summary>
internal sealed record SharesRequestedItem(ShareRequest[] Requests) : JournalItem
{
    public override int Weight => Requests.Length;

    public override bool StandsAlone => true;
}
