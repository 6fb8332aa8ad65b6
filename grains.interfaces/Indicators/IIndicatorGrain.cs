using System.Collections.Immutable;
using Monitoring.Alerting;
using Monitoring.Dictionary;
using Monitoring.RawPoints;
using Orleans.Concurrency;

namespace Monitoring.Indicators;

/// <summary>
/// One node: an indicator at one path; the key is <see cref="NodeKey.ToString"/>. Called by its partition only, which journals first
/// what it is told here, and keeps its state.
/// </summary>
[Alias("monitoring.indicator")]
public interface IIndicatorGrain : IGrainWithStringKey
{
    /// <summary>Folds in what some journal entries hold for this node, and after each recalculates and judges its rules.</summary>
    [Alias("apply")]
    ValueTask<NodeOutcome> ApplyAsync(NodeInput input);

    /// <summary>The node as it stands at a time; null when its state of that epoch, at least up to that journal entry, is not here.</summary>
    [Alias("read"), ReadOnly]
    ValueTask<NodeReading?> ReadAsync(long epoch, long lastEntry, IndicatorDefinition definition, long now);

    /// <summary>
    /// Buckets in memory that start within a span; null when the node's state of that epoch, at least up to that journal entry, is not here.
    /// </summary>
    [Alias("read-buckets"), ReadOnly]
    ValueTask<BucketRow[]?> ReadBucketsAsync(long epoch, long lastEntry, long start, long end);

    /// <summary>
    /// Calendar days in memory that start within a span; null when the node's state of that epoch, at least up to that journal entry, is not
    /// here.
    /// </summary>
    [Alias("read-days"), ReadOnly]
    ValueTask<BucketRow[]?> ReadDaysAsync(long epoch, long lastEntry, long start, long end);

    /// <summary>
    /// What changed since the last checkpoint; from now on that counts as stored. Null when the node's state is not here.
    /// </summary>
    [Alias("take-checkpoint")]
    ValueTask<NodeCheckpoint?> TakeCheckpointAsync(NodeVisit visit);
}

/// <summary>Proves to a node that partition and node speak of the same state.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.node-visit.v1")]
public readonly record struct NodeVisit
{
    /// <summary>Epoch of the partition's activation.</summary>
    [Id(0)] public required long Epoch { get; init; }

    /// <summary>The journal entry that was the last one applied to the node; 0 for none.</summary>
    [Id(1)] public required long LastEntry { get; init; }

    /// <summary>The node's stored state; null when it should be in memory already.</summary>
    [Id(2)] public NodeImage? Image { get; init; }

    /// <summary>What the indicator means now.</summary>
    [Id(3)] public required IndicatorDefinition Definition { get; init; }

    /// <summary>Given with <see cref="Image"/>: the silo of the partition. A node that is elsewhere moves there instead of answering.</summary>
    [Id(4)] public SiloAddress? Home { get; init; }
}

/// <summary>What is stored of some buckets of a node.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.node-history.v1")]
public sealed record NodeHistory
{
    /// <summary>The buckets, all others of their calendar days where the node keeps days, and those days.</summary>
    [Id(0)] public required BucketRow[] Buckets { get; init; }

    /// <summary>Chunks that may hold raw points of the buckets, by sequence.</summary>
    [Id(1)] public required RawChunk[] Chunks { get; init; }
}

/// <summary>What follows from a <see cref="NodeInput"/>.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.node-outcome.v1")]
public sealed record NodeOutcome
{
    /// <summary>The answer of a node whose state is not here, or that moves: call again with <see cref="NodeVisit.Image"/>.</summary>
    public static NodeOutcome NeedsState { get; } = new() { IsApplied = false };

    /// <summary>False when nothing was done because the node's state is not here.</summary>
    [Id(0)] public required bool IsApplied { get; init; }

    /// <summary>What the node's parent must add; empty for a root.</summary>
    [Id(1)] public BucketDelta[] Contributions { get; init; } = [];

    /// <summary>Steps of alerts.</summary>
    [Id(2)] public ImmutableArray<AlertTransition> Transitions { get; init; } = [];

    /// <summary>For each transition the place among the node's parts of the one that caused it.</summary>
    [Id(8)] public ImmutableArray<int> Causes { get; init; } = [];

    /// <summary>
    /// When the node must be told the time even if nothing else happens, milliseconds since 1970-01-01T00:00:00Z;
    /// <see cref="long.MaxValue"/> for never.
    /// </summary>
    [Id(3)] public long Deadline { get; init; } = long.MaxValue;

    /// <summary>Corrections that were made.</summary>
    [Id(4)] public Correction[] Corrections { get; init; } = [];

    /// <summary>Corrections that were not made, because the raw points they refer to are not known.</summary>
    [Id(5)] public int RefusedCorrections { get; init; }

    /// <summary>Buckets whose shares the node begins or ends to collect, in order.</summary>
    [Id(6)] public BucketCollection[] Collections { get; init; } = [];

    /// <summary>Collections whose shares did not add up to the bucket: never, unless the program is wrong.</summary>
    [Id(7)] public int Mismatches { get; init; }

    /// <summary>How to give the node turns, when it has just been given its state; not serialized, so null where the answer crossed the network.</summary>
    [field: NonSerialized]
    public INearNode? Near { get; init; }
}

/// <summary>State of a node as it was stored.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.node-image.v1")]
public sealed record NodeImage
{
    /// <summary>The node's own record; null for a node that was never stored.</summary>
    [Id(0)] public required byte[]? State { get; init; }

    /// <summary>Stored buckets that the node may still need in memory.</summary>
    [Id(1)] public required BucketRow[] Buckets { get; init; }

    /// <summary>Present periods that the record lacks, because its indicator got them since.</summary>
    [Id(2)] public ImmutableArray<PeriodTotal> Totals { get; init; } = [];
}

/// <summary>A bucket as it is stored.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.bucket-row.v1")]
public readonly record struct BucketRow
{
    /// <summary>Width in milliseconds; <see cref="DayResolution"/> for calendar days, whatever their true length.</summary>
    [Id(0)] public required long Resolution { get; init; }

    /// <summary>Start, milliseconds since 1970-01-01T00:00:00Z.</summary>
    [Id(1)] public required long Start { get; init; }

    /// <summary>Its points.</summary>
    [Id(2)] public required Aggregate Aggregate { get; init; }

    /// <summary>True when this holds only points that are to be added to what is stored; false when it replaces that.</summary>
    [Id(3)] public required bool IsAddition { get; init; }

    /// <summary><see cref="Resolution"/> of calendar days.</summary>
    public const long DayResolution = 86_400_000;
}

/// <summary>What changed in a node since its last checkpoint.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.node-checkpoint.v1")]
public sealed record NodeCheckpoint
{
    /// <summary>The node's own record.</summary>
    [Id(0)] public required byte[] State { get; init; }

    /// <summary>Latest journaled time the node was told, milliseconds since 1970-01-01T00:00:00Z.</summary>
    [Id(2)] public required long Clock { get; init; }

    /// <summary>Changed buckets.</summary>
    [Id(1)] public required BucketRow[] Buckets { get; init; }

    /// <summary>Raw points that fill a chunk.</summary>
    [Id(3)] public RawChunk[] Chunks { get; init; } = [];
}
