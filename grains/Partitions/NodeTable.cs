using System.Diagnostics.CodeAnalysis;
using Monitoring.Indicators;

namespace Monitoring.Partitions;

/// <summary>
/// All nodes of a partition, by number and by key. Grows with the nodes that sources create; nodes are never removed. Points create no more
/// when it is full; the ancestors of nodes that there are, a fraction of these, always find room.
/// </summary>
/// <param name="maxNodes">Nodes with which it is full.</param>
internal sealed class NodeTable(int maxNodes = int.MaxValue)
{
    private readonly Dictionary<NodeKey, NodeSlot> _byKey = [];
    private readonly List<NodeSlot> _byNumber = [];
    private readonly Dictionary<string, List<NodeSlot>> _byCode = new(StringComparer.Ordinal);

    public int Count => _byNumber.Count;

    /// <summary>True when points must create no more nodes.</summary>
    public bool IsFull => _byNumber.Count >= maxNodes;

    public IReadOnlyList<NodeSlot> All => _byNumber;

    public NodeSlot this[int number] => _byNumber[number];

    public bool TryFind(NodeKey key, [NotNullWhen(true)] out NodeSlot? slot) => _byKey.TryGetValue(key, out slot);

    /// <summary>Adds a node under the next number.</summary>
    public NodeSlot Add(NodeKey key)
    {
        var slot = new NodeSlot(_byNumber.Count, key);
        _byKey.Add(key, slot);
        _byNumber.Add(slot);
        if (!_byCode.TryGetValue(key.Code, out var sameCode))
        {
            _byCode.Add(key.Code, sameCode = []);
        }

        sameCode.Add(slot);
        return slot;
    }

    /// <summary>Nodes of one indicator.</summary>
    public IReadOnlyList<NodeSlot> OfCode(string code) => _byCode.TryGetValue(code, out var slots) ? slots : [];
}

/// <summary>What a partition knows of one of its nodes.</summary>
internal sealed class NodeSlot(int number, NodeKey key)
{
    public int Number { get; } = number;

    public NodeKey Key { get; } = key;

    /// <summary>Parts of its path; 0 for a root.</summary>
    public int Depth { get; } = key.Depth;

    /// <summary>The node's actor; looked up once.</summary>
    public IIndicatorGrain? Grain { get; set; }

    /// <summary>What the actor answered when it got its state in this process: how to give it turns without messages. Otherwise null.</summary>
    public INearNode? Near { get; set; }

    /// <summary>Journal entry that was applied last; 0 for none.</summary>
    public long LastEntry { get; set; }

    /// <summary>Latest journaled time the node was told, as of the last checkpoint.</summary>
    public long StoredClock { get; set; }

    /// <summary>When the node must be told the time; <see cref="long.MaxValue"/> for never.</summary>
    public long Deadline { get; set; } = long.MaxValue;

    /// <summary>When the partition looks at the node next; <see cref="long.MaxValue"/> for never.</summary>
    public long ScheduledFor { get; set; } = long.MaxValue;

    /// <summary>Version of the dictionary in which the mailbox last found the indicator.</summary>
    public long CheckedVersion { get; set; } = -1;

    /// <summary>How late its points may come as of that version, in milliseconds.</summary>
    public long Lateness { get; set; }

    /// <summary>True when the actor has been given its state in this epoch.</summary>
    public bool IsResident { get; set; }

    /// <summary>True when the node changed since the last checkpoint.</summary>
    public bool IsDirty { get; set; }

    /// <summary>True once the journal entry that created the node was applied; before that, readers do not see it.</summary>
    public bool Exists { get; set; }

    /// <summary>Where its contributions go; null for a root.</summary>
    public ParentSlot? Parent { get; set; }

    /// <summary>Place among the nodes that the round being applied concerns, from 1 on; 0 for none.</summary>
    public int Place { get; set; }
}
