using System.Collections.Immutable;
using Monitoring.Alerting;
using Monitoring.RawPoints;

namespace Monitoring.Indicators;

/// <summary>What a node stores of itself beside its buckets.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.node-record.v1")]
internal sealed record NodeRecord
{
    /// <summary>Latest journaled time the node was told, milliseconds since 1970-01-01T00:00:00Z; never goes back.</summary>
    [Id(0)] public long Clock { get; init; }

    /// <summary>Newest event time seen, milliseconds since 1970-01-01T00:00:00Z; 0 when none.</summary>
    [Id(1)] public long NewestPoint { get; init; }

    /// <summary>Rules that are not simply normal; at most one for each rule of the definition.</summary>
    [Id(2)] public ImmutableArray<RuleState> Rules { get; init; } = [];

    /// <summary>End of the raw log; null when the node never received a point itself.</summary>
    [Id(3)] public RawHead? Raw { get; init; }

    /// <summary>
    /// Raw points that are older than this are not known, event time in milliseconds since 1970-01-01T00:00:00Z; null in a record of a time
    /// when none were kept.
    /// </summary>
    [Id(4)] public long? RawFrom { get; init; }

    /// <summary>Buckets whose extremes wait for shares; bounded by the corrections that a partition takes in before sources have to wait.</summary>
    [Id(5)] public ImmutableArray<SuspectBucket> Suspects { get; init; } = [];

    /// <summary>Present periods that are longer than a day; at most one of each kind.</summary>
    [Id(6)] public ImmutableArray<PeriodTotal> Totals { get; init; } = [];
}

/// <summary>
/// A bucket whose extremes may hold no longer, because a correction took back what one of them equals. Until every partition told its share,
/// the bucket keeps them.
/// </summary>
[GenerateSerializer, Immutable, Alias("monitoring.suspect-bucket.v1")]
internal sealed record SuspectBucket
{
    /// <summary>Start of the bucket, milliseconds since 1970-01-01T00:00:00Z.</summary>
    [Id(0)] public required long Start { get; init; }

    /// <summary>The journal entry with which the present collection began.</summary>
    [Id(1)] public required long Round { get; init; }

    /// <summary>Shares so far, and what was added since the collection began.</summary>
    [Id(2)] public Aggregate Collected { get; init; }

    /// <summary>True when something was added or taken back since, so that the number of collected points says nothing.</summary>
    [Id(3)] public bool IsDisturbed { get; init; }

    /// <summary>Partitions whose share is here.</summary>
    [Id(4)] public ImmutableArray<int> Answered { get; init; } = [];
}
