namespace Monitoring.Indicators;

/// <summary>Points that were added to one bucket of a node: what a child contributes to its parent.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.bucket-delta.v1")]
public readonly record struct BucketDelta
{
    /// <summary>Start of the bucket at the indicator's resolution, milliseconds since 1970-01-01T00:00:00Z.</summary>
    [Id(0)] public required long Start { get; init; }

    /// <summary>The added points.</summary>
    [Id(1)] public required Aggregate Added { get; init; }
}

/// <summary>One bucket of a node's history.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.bucket.v1")]
public readonly record struct Bucket
{
    /// <summary>Start, milliseconds since 1970-01-01T00:00:00Z.</summary>
    [Id(0)] public required long Start { get; init; }

    /// <summary>All its points.</summary>
    [Id(1)] public required Aggregate Aggregate { get; init; }
}
