namespace Monitoring.Indicators;

/// <summary>
/// What a round tells one node: the parts from <see cref="FirstPart"/> on, in the order of their journal entries. The columns are shared
/// with other nodes, and the node must not keep them.
/// </summary>
[GenerateSerializer, Immutable, Alias("monitoring.node-input.v2")]
public sealed record NodeInput
{
    /// <summary>Which state this builds on.</summary>
    [Id(0)] public required NodeVisit Visit { get; init; }

    /// <summary>The round.</summary>
    [Id(1)] public required NodeRound Round { get; init; }

    /// <summary>The node's number within its partition.</summary>
    [Id(2)] public required int Number { get; init; }

    /// <summary>Position of the node's first part.</summary>
    [Id(3)] public int FirstPart { get; init; }

    /// <summary>Number of the node's parts, at least 1.</summary>
    [Id(4)] public int PartCount { get; init; } = 1;

    /// <summary>Shares of buckets that the node collects.</summary>
    [Id(5)] public BucketShare[] Shares { get; init; } = [];

    /// <summary>What is stored of the buckets that this restates; null when it restates none.</summary>
    [Id(6)] public NodeHistory? History { get; init; }
}

/// <summary>
/// Some journal entries of a partition, sorted by node, so that each node is called once for all of them: points are
/// (<see cref="Times"/>[i], <see cref="Values"/>[i]) and deltas <see cref="Deltas"/>[i]. Columns may be longer than what is used of them.
/// </summary>
[GenerateSerializer, Immutable, Alias("monitoring.node-round.v1")]
public sealed record NodeRound
{
    /// <summary>Number of the partition; together with an entry and a node's number it identifies an alert that begins there.</summary>
    [Id(0)] public required int Partition { get; init; }

    /// <summary>Number of partitions: so many shares make a bucket whole.</summary>
    [Id(1)] public required int PartitionCount { get; init; }

    /// <summary>Version of the dictionary in force; it is the same for all entries.</summary>
    [Id(2)] public required long DictionaryVersion { get; init; }

    /// <summary>The entries, in the order of the journal.</summary>
    [Id(3)] public required RoundEntry[] Entries { get; init; }

    /// <summary>What entries hold for nodes, node by node.</summary>
    [Id(4)] public required NodePart[] Parts { get; init; }

    /// <summary>Event times, milliseconds since 1970-01-01T00:00:00Z.</summary>
    [Id(5)] public long[] Times { get; init; } = [];

    /// <summary>Values.</summary>
    [Id(6)] public double[] Values { get; init; } = [];

    /// <summary>Contributions of children.</summary>
    [Id(7)] public BucketDelta[] Deltas { get; init; } = [];

    /// <summary>
    /// For each point the source that sent it as a correction, null for an ordinary point; null as a whole when no entry holds a correction.
    /// </summary>
    [Id(8)] public string?[]? CorrectedBy { get; init; }

    /// <summary>
    /// When the round was told, by the partition's clock, milliseconds since 1970-01-01T00:00:00Z; for how long nodes stay in memory only, never for
    /// what they compute.
    /// </summary>
    [Id(9)] public long Now { get; init; }
}

/// <summary>A journal entry of a round.</summary>
/// <param name="Sequence">Its place in the journal.</param>
/// <param name="At">When it was journaled, milliseconds since 1970-01-01T00:00:00Z: the clock of rules.</param>
[GenerateSerializer, Immutable, Alias("monitoring.round-entry.v1")]
public readonly record struct RoundEntry([property: Id(0)] long Sequence, [property: Id(1)] long At);

/// <summary>What one journal entry holds for one node; perhaps nothing, when the node is only told the time.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.node-part.v1")]
public record struct NodePart
{
    /// <summary>Position of the entry in its round.</summary>
    [Id(0)] public int Entry { get; set; }

    /// <summary>Place among all parts of the round in the order in which the journal names their nodes.</summary>
    [Id(1)] public int Order { get; set; }

    /// <summary>Position of the first point.</summary>
    [Id(2)] public int PointStart { get; set; }

    /// <summary>Number of points.</summary>
    [Id(3)] public int PointCount { get; set; }

    /// <summary>Position of the first delta.</summary>
    [Id(4)] public int DeltaStart { get; set; }

    /// <summary>Number of deltas.</summary>
    [Id(5)] public int DeltaCount { get; set; }
}
