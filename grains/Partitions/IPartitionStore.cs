using System.Collections.Immutable;
using Monitoring.History;
using Monitoring.Indicators;
using Monitoring.LatePoints;
using Monitoring.RawPoints;

namespace Monitoring.Partitions;

/// <summary>
/// Where partitions keep their journal, their checkpoints and the buckets of their nodes. Every write of a partition is fenced: it
/// fails with <see cref="PartitionTakenOverException"/> once another activation has claimed the partition.
/// </summary>
public interface IPartitionStore
{
    /// <summary>Everything that is stored of a partition but the state of its nodes.</summary>
    Task<PartitionImage> LoadAsync(int partition, CancellationToken cancellationToken);

    /// <summary>Appends the entry that claims a partition for a new epoch; the epoch is the entry's sequence.</summary>
    /// <exception cref="PartitionTakenOverException">
    /// The partition is no longer as it was loaded: the sequence is taken, or the checkpoint is another one.
    /// </exception>
    Task ClaimAsync(int partition, long epoch, long checkpointEntry, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken);

    /// <summary>Appends a journal entry of the activation with an epoch. Durable when it returns.</summary>
    Task AppendAsync(int partition, long epoch, long sequence, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken);

    /// <summary>Stores a checkpoint and drops the journal it covers, all or nothing. The same one again changes nothing.</summary>
    Task WriteCheckpointAsync(PartitionCheckpoint checkpoint, CancellationToken cancellationToken);

    /// <summary>Stored state of nodes, in the order asked for.</summary>
    Task<NodeImage[]> LoadNodesAsync(int partition, IReadOnlyList<NodeLoad> nodes, CancellationToken cancellationToken);

    /// <summary>Stored buckets of a node at one resolution that start within [start, end), oldest first.</summary>
    Task<IReadOnlyList<Bucket>> ReadBucketsAsync(NodeKey key, long resolution, long start, long end, CancellationToken cancellationToken);

    /// <summary>Stored history of nodes, in the order asked for; chunks by sequence, nothing twice.</summary>
    Task<NodeHistory[]> LoadHistoryAsync(int partition, IReadOnlyList<HistoryLoad> loads, CancellationToken cancellationToken);

    /// <summary>What is stored of corrections of a node, oldest first.</summary>
    Task<IReadOnlyList<Correction>> ListCorrectionsAsync(CorrectionQuery query, CancellationToken cancellationToken);
}

/// <summary>Another activation has claimed the partition; this one must step down.</summary>
[GenerateSerializer, Alias("monitoring.partition-taken-over")]
public sealed class PartitionTakenOverException(int partition, long sequence)
    : TryAgainException($"Partition {partition} was claimed by another activation: entry {sequence} could not be written.");

/// <summary>What is stored of a partition.</summary>
/// <param name="Entry">Last journal entry that the checkpoint covers; 0 for none.</param>
/// <param name="Header">The partition's own record as of that entry; null when there is no checkpoint.</param>
/// <param name="Nodes">All its nodes as of that entry.</param>
/// <param name="Journal">Entries behind it, in order.</param>
public sealed record PartitionImage(long Entry, byte[]? Header, IReadOnlyList<StoredNode> Nodes, IReadOnlyList<StoredEntry> Journal);

/// <summary>One stored journal entry.</summary>
/// <param name="Sequence">1, 2, 3… within the partition.</param>
/// <param name="Payload">See <see cref="JournalCodec"/>.</param>
public readonly record struct StoredEntry(long Sequence, byte[] Payload);

/// <summary>One stored node.</summary>
/// <param name="Number">Its number within the partition, from 0.</param>
/// <param name="Key">Which node.</param>
/// <param name="LastEntry">Journal entry that changed it last.</param>
/// <param name="Clock">Latest journaled time it was told, milliseconds since 1970-01-01T00:00:00Z.</param>
/// <param name="Deadline">When it must be told the time, milliseconds since 1970-01-01T00:00:00Z; <see cref="long.MaxValue"/> for never.</param>
public readonly record struct StoredNode(int Number, NodeKey Key, long LastEntry, long Clock, long Deadline);

/// <summary>Which stored state of a node to load.</summary>
/// <param name="Number">Its number within the partition.</param>
/// <param name="Key">Which node.</param>
/// <param name="Resolution">Width of its buckets in milliseconds.</param>
/// <param name="From">Buckets that start at or after this are needed, milliseconds since 1970-01-01T00:00:00Z.</param>
/// <param name="DaysFrom">Likewise calendar days; <see cref="long.MaxValue"/> for none.</param>
public readonly record struct NodeLoad(int Number, NodeKey Key, long Resolution, long From, long DaysFrom);

/// <summary>What is written at once when a partition takes a checkpoint.</summary>
/// <param name="Partition">Number of the partition.</param>
/// <param name="Epoch">Epoch of the activation that writes.</param>
/// <param name="Entry">Last journal entry that is covered.</param>
/// <param name="Header">The partition's own record as of that entry.</param>
/// <param name="Nodes">Nodes that changed.</param>
public sealed record PartitionCheckpoint(int Partition, long Epoch, long Entry, byte[] Header, IReadOnlyList<CheckpointedNode> Nodes)
{
    /// <summary>What changed in the late points.</summary>
    public LateChanges Late { get; init; } = LateChanges.None;

    /// <summary>Corrections since the last checkpoint.</summary>
    public IReadOnlyList<Correction> Corrections { get; init; } = [];

    /// <summary>What is let go; null for nothing.</summary>
    public HistoryTrim? Trim { get; init; }
}

/// <summary>What a checkpoint lets go, a bounded part of it at a time.</summary>
/// <param name="RawBefore">Chunks all of whose points are older, event time in milliseconds since 1970-01-01T00:00:00Z.</param>
/// <param name="CorrectionsBefore">Corrections recorded earlier, milliseconds since 1970-01-01T00:00:00Z.</param>
/// <param name="MaxRows">Most rows of each.</param>
public sealed record HistoryTrim(long RawBefore, long CorrectionsBefore, int MaxRows);

/// <summary>A node that changed since the last checkpoint.</summary>
/// <param name="Node">The node.</param>
/// <param name="State">Its own record; null for a node that only got its number: what is stored of it stays.</param>
/// <param name="Buckets">Its changed buckets.</param>
public readonly record struct CheckpointedNode(StoredNode Node, byte[]? State, BucketRow[] Buckets)
{
    private readonly ImmutableArray<long> _ladder;

    /// <summary>Widths of its coarse buckets in milliseconds, ascending; see <see cref="BucketLadder"/>.</summary>
    public ImmutableArray<long> Ladder
    {
        get => _ladder.IsDefault ? [] : _ladder;
        init => _ladder = value;
    }

    /// <summary>Its raw points that fill a chunk.</summary>
    public RawChunk[] Chunks { get; init; } = [];
}
