namespace Monitoring.Indicators;

/// <summary>What changed in one bucket of a node: what a child contributes to its parent.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.bucket-delta.v1")]
public readonly record struct BucketDelta
{
    /// <summary>Start of the bucket at the indicator's resolution, milliseconds since 1970-01-01T00:00:00Z.</summary>
    [Id(0)] public required long Start { get; init; }

    /// <summary>The added points; may be empty when there is a retraction.</summary>
    [Id(1)] public required Aggregate Added { get; init; }

    /// <summary>What corrections took back, the added points of this delta included; null for nothing.</summary>
    [Id(2)] public Retraction? Retracted { get; init; }
}

/// <summary>
/// All points that the children of a node in one partition hold in one bucket, as of a journal entry of that partition. It travels with the
/// contributions of the partition, so that it has a place among them.
/// </summary>
[GenerateSerializer, Immutable, Alias("monitoring.bucket-share.v1")]
public readonly record struct BucketShare
{
    /// <summary>Number of the partition.</summary>
    [Id(0)] public required int Sender { get; init; }

    /// <summary>Start of the bucket, milliseconds since 1970-01-01T00:00:00Z.</summary>
    [Id(1)] public required long Start { get; init; }

    /// <summary>Which collection this answers; see <see cref="BucketCollection"/>.</summary>
    [Id(2)] public required long Round { get; init; }

    /// <summary>The points; empty when no child has any.</summary>
    [Id(3)] public required Aggregate Aggregate { get; init; }
}

/// <summary>A node begins or ends to collect the shares of a bucket whose extremes it cannot know from what it has.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.bucket-collection.v1")]
public readonly record struct BucketCollection
{
    /// <summary>Start of the bucket, milliseconds since 1970-01-01T00:00:00Z.</summary>
    [Id(0)] public required long Start { get; init; }

    /// <summary>The journal entry with which it began.</summary>
    [Id(1)] public required long Round { get; init; }

    /// <summary>False when it ended.</summary>
    [Id(2)] public required bool IsOpen { get; init; }
}

/// <summary>One bucket of a node's history.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.bucket.v1")]
public readonly record struct Bucket
{
    /// <summary>Start, milliseconds since 1970-01-01T00:00:00Z.</summary>
    [Id(0)] public required long Start { get; init; }

    /// <summary>All its points.</summary>
    [Id(1)] public required Aggregate Aggregate { get; init; }

    /// <summary>End of a period of a calendar, exclusive; 0 for a bucket, whose width is known.</summary>
    [Id(2)] public long End { get; init; }
}
