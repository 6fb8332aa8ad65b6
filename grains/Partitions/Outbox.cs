using Monitoring.Indicators;

namespace Monitoring.Partitions;

/// <summary>
/// Contributions on their way to one other partition. What waits is merged by node and bucket, so it is bounded by their number; one
/// delivery is in flight at most, and kept until it is acknowledged.
/// </summary>
internal sealed class Outbox(int receiver)
{
    private readonly List<ParentSlot> _waiting = [];
    private readonly Dictionary<(ParentSlot Parent, long Start), BucketShare> _shares = [];
    private readonly OldestPoints _oldest = new();
    private int _deltaCount;
    private long _sentThrough;
    private long _knownThrough;
    private long _restoredAt = long.MaxValue;

    /// <summary>Number of the receiving partition.</summary>
    public int Receiver { get; } = receiver;

    /// <summary>The delivery that is not acknowledged yet; null for none.</summary>
    public ContributionDelivery? InFlight { get; private set; }

    /// <summary>Deltas and shares that wait.</summary>
    public int Weight => _deltaCount + _shares.Count;

    /// <summary>True when there is nothing to send and nothing in flight.</summary>
    public bool IsEmpty => InFlight is null && Weight == 0;

    /// <summary>True once the receiver told what it has in this activation's epoch.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>True while the one loop that sends from here runs.</summary>
    public bool IsSending { get; set; }

    /// <summary>Adds what a journal entry caused, unless the receiver is known to have it.</summary>
    public void Add(ParentSlot parent, in BucketDelta delta, long entry, long acceptedAt)
    {
        if (entry <= _knownThrough)
        {
            return;
        }

        if (parent.Count == 0)
        {
            _waiting.Add(parent);
        }

        _deltaCount -= parent.Count;
        parent.Add(delta);
        _deltaCount += parent.Count;
        _oldest.Note(parent.Depth, acceptedAt);
    }

    /// <summary>
    /// Adds a share as of a journal entry, unless the receiver is known to have it. It goes out with all deltas up to its entry, perhaps with
    /// later ones.
    /// </summary>
    public void Add(ParentSlot parent, in BucketShare share, long entry)
    {
        if (entry > _knownThrough)
        {
            _shares[(parent, share.Start)] = share;
        }
    }

    /// <summary>Drops what the receiver has already, and goes on behind it.</summary>
    /// <param name="receivedThrough">The last of our journal entries that is covered at the receiver.</param>
    public void Open(long receivedThrough)
    {
        // A restored outbox may have been sent after its checkpoint was taken: the delivery in flight first, then all that waited at once,
        // in a delivery that covered the checkpoint's entry at least.
        if (InFlight is not null && InFlight.Entry <= receivedThrough)
        {
            InFlight = null;
        }

        if (receivedThrough >= _restoredAt)
        {
            Clear();
        }

        _restoredAt = long.MaxValue;
        _knownThrough = receivedThrough;
        _sentThrough = InFlight?.Entry ?? receivedThrough;
        IsOpen = true;
    }

    /// <summary>The delivery to send now: the one in flight, or everything that waits; null for none.</summary>
    public ContributionDelivery? Next(int sender, long epoch, long dictionaryVersion, long appliedThrough)
    {
        if (InFlight is not null)
        {
            // A delivery of an earlier activation goes out under the present epoch.
            return InFlight.Epoch == epoch ? InFlight : InFlight = InFlight with { Epoch = epoch };
        }

        if (Weight == 0)
        {
            return null;
        }

        var (nodes, indexes, deltas, shareIndexes, shares) = Pack();
        InFlight = new ContributionDelivery
        {
            Sender = sender,
            Epoch = epoch,
            AfterEntry = _sentThrough,
            Entry = appliedThrough,
            DictionaryVersion = dictionaryVersion,
            Nodes = nodes,
            NodeIndexes = indexes,
            Deltas = deltas,
            OldestAcceptedAt = _oldest.Oldest,
            ShareNodeIndexes = shareIndexes,
            Shares = shares,
            OldestByDepth = _oldest.ToArray(),
        };
        _sentThrough = appliedThrough;
        Clear();
        return InFlight;
    }

    /// <summary>The delivery in flight is durable at the receiver.</summary>
    public void Acknowledge() => InFlight = null;

    /// <summary>What must be stored; null when there is nothing.</summary>
    public StoredOutbox? Store()
    {
        if (IsEmpty)
        {
            return null;
        }

        var (nodes, indexes, deltas, shareIndexes, shares) = Pack();
        return new StoredOutbox
        {
            Receiver = Receiver,
            InFlight = InFlight,
            Nodes = nodes,
            NodeIndexes = indexes,
            Deltas = deltas,
            OldestAcceptedAt = _oldest.Oldest,
            ShareNodeIndexes = shareIndexes,
            Shares = shares,
        };
    }

    /// <summary>Takes over what was stored.</summary>
    /// <param name="stored">The outbox.</param>
    /// <param name="checkpointEntry">The last journal entry whose consequences are in it, unless they were acknowledged.</param>
    /// <param name="parentOf">Finds the place of a receiving node.</param>
    public void Restore(StoredOutbox stored, long checkpointEntry, Func<NodeKey, ParentSlot> parentOf)
    {
        _restoredAt = checkpointEntry;
        InFlight = stored.InFlight;
        for (var index = 0; index < stored.Deltas.Length; index++)
        {
            Add(parentOf(stored.Nodes[stored.NodeIndexes[index]]), stored.Deltas[index], long.MaxValue, stored.OldestAcceptedAt);
        }

        for (var index = 0; index < stored.Shares.Length; index++)
        {
            Add(parentOf(stored.Nodes[stored.ShareNodeIndexes[index]]), stored.Shares[index], long.MaxValue);
        }
    }

    private (NodeKey[] Nodes, int[] Indexes, BucketDelta[] Deltas, int[] ShareIndexes, BucketShare[] Shares) Pack()
    {
        var nodes = new NodeKey[_waiting.Count + _shares.Count];
        var indexes = new int[_deltaCount];
        var deltas = new BucketDelta[_deltaCount];
        var next = 0;
        for (var node = 0; node < _waiting.Count; node++)
        {
            nodes[node] = _waiting[node].Key;
            foreach (ref readonly var delta in _waiting[node].Waiting)
            {
                indexes[next] = node;
                deltas[next++] = delta;
            }
        }

        var shareIndexes = new int[_shares.Count];
        var shares = new BucketShare[_shares.Count];
        next = 0;
        foreach (var ((parent, _), share) in _shares)
        {
            nodes[_waiting.Count + next] = parent.Key;
            shareIndexes[next] = _waiting.Count + next;
            shares[next++] = share;
        }

        return (nodes, indexes, deltas, shareIndexes, shares);
    }

    private void Clear()
    {
        foreach (var parent in _waiting)
        {
            parent.Clear();
        }

        _waiting.Clear();
        _shares.Clear();
        _deltaCount = 0;
        _oldest.Clear();
    }
}

/// <summary>A parent of nodes of this partition, and what waits for it.</summary>
internal sealed class ParentSlot(NodeKey key, Outbox outbox)
{
    private readonly BucketDeltas _deltas = new(capacity: 1);

    public NodeKey Key { get; } = key;

    /// <summary>Parts of its path.</summary>
    public int Depth { get; } = key.Depth;

    /// <summary>The way to the parent's partition.</summary>
    public Outbox Outbox { get; } = outbox;

    /// <summary>Buckets that wait.</summary>
    public int Count => _deltas.Count;

    public ReadOnlySpan<BucketDelta> Waiting => _deltas.Span;

    public void Add(in BucketDelta delta) => _deltas.Add(delta);

    public void Clear() => _deltas.Clear();
}
