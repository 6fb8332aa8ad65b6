namespace Monitoring.RawPoints;

/// <summary>A packed stretch of a node's raw points, in the order in which they were applied; written once, never changed.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.raw-chunk.v1")]
public readonly record struct RawChunk
{
    /// <summary>Position in the node's series of chunks, from 0.</summary>
    [Id(0)] public required long Sequence { get; init; }

    /// <summary>Earliest event time, milliseconds since 1970-01-01T00:00:00Z.</summary>
    [Id(1)] public required long MinTime { get; init; }

    /// <summary>Latest event time, milliseconds since 1970-01-01T00:00:00Z.</summary>
    [Id(2)] public required long MaxTime { get; init; }

    /// <summary>Number of points.</summary>
    [Id(3)] public required int Count { get; init; }

    /// <summary>The points, packed.</summary>
    [Id(4)] public required byte[] Payload { get; init; }

    /// <summary>True when a point within [from, until) may be in here.</summary>
    public bool Overlaps(long from, long until) => MaxTime >= from && MinTime < until;
}
