using System.Collections.Immutable;
using Monitoring.Alerting;
using Monitoring.Indicators;

namespace Monitoring.Partitions;

/// <summary>What a receiver did with a delivery.</summary>
public enum DeliveryStatus
{
    /// <summary>Durable now.</summary>
    Accepted = 0,

    /// <summary>Was durable already.</summary>
    Duplicate = 1,

    /// <summary>Refused: an earlier delivery of this sender is missing; resend from what the receiver has.</summary>
    Gap = 2,

    /// <summary>Refused: a newer stream or activation of the sender took over.</summary>
    StaleEpoch = 3,

    /// <summary>Refused: there is no room now. The sender may send it again, and before it nothing that follows it.</summary>
    Busy = 4,
}

/// <summary>
/// Points of one batch of a source for one partition. Columns: point i is (<see cref="Nodes"/>[i], <see cref="Times"/>[i],
/// <see cref="Values"/>[i]). The arrays belong to the receiver once sent.
/// </summary>
[GenerateSerializer, Immutable, Alias("monitoring.point-delivery.v1")]
public sealed record PointDelivery
{
    /// <summary>Name of the source.</summary>
    [Id(0)] public required string Source { get; init; }

    /// <summary>Number of the source's stream; a newer stream has a greater one.</summary>
    [Id(1)] public required long Epoch { get; init; }

    /// <summary>Sequence of the batch.</summary>
    [Id(2)] public required long Sequence { get; init; }

    /// <summary>
    /// Sequence of the batch this stream delivered to this partition before; 0 for the first of the stream, which states that every
    /// earlier batch was acknowledged or comes again with this stream.
    /// </summary>
    [Id(3)] public required long PreviousSequence { get; init; }

    /// <summary>Version of the dictionary the gateway checked the points against; the partition adopts it first.</summary>
    [Id(4)] public required long DictionaryVersion { get; init; }

    /// <summary>Node of each point.</summary>
    [Id(5)] public required NodeKey[] Nodes { get; init; }

    /// <summary>Event time of each point, milliseconds since 1970-01-01T00:00:00Z.</summary>
    [Id(6)] public required long[] Times { get; init; }

    /// <summary>Value of each point; finite.</summary>
    [Id(7)] public required double[] Values { get; init; }

    /// <summary>True for each point that takes the place of all at its node and time; null when there is none.</summary>
    [Id(8)] public bool[]? Corrections { get; init; }
}

/// <summary>What a partition did with a <see cref="PointDelivery"/>.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.point-delivery-result.v1")]
public readonly record struct PointDeliveryResult
{
    /// <summary>What it did with the delivery as a whole.</summary>
    [Id(0)] public required DeliveryStatus Status { get; init; }

    /// <summary>Positions of points whose indicator is no longer in the dictionary; mostly empty.</summary>
    [Id(1)] public ImmutableArray<int> UnknownIndicators { get; init; }

    /// <summary>Number of points that came later than their indicators allow: durable, but kept apart.</summary>
    [Id(2)] public int Late { get; init; }

    /// <summary>Positions of corrections of points that are so old that their raw values are not kept any more; mostly empty.</summary>
    [Id(3)] public ImmutableArray<int> OverdueCorrections { get; init; }

    /// <summary>Positions of points of new nodes for which the partition has no room; mostly empty.</summary>
    [Id(4)] public ImmutableArray<int> ExcessNodes { get; init; }
}

/// <summary>
/// What nodes of one partition contribute to nodes of another: the changes that journal entries <see cref="AfterEntry"/> (exclusive)
/// to <see cref="Entry"/> (inclusive) of the sender caused, merged. Delta i goes to node <see cref="Nodes"/>[<see cref="NodeIndexes"/>[i]].
/// </summary>
[GenerateSerializer, Immutable, Alias("monitoring.contribution-delivery.v1")]
public sealed record ContributionDelivery
{
    /// <summary>Number of the sending partition.</summary>
    [Id(0)] public required int Sender { get; init; }

    /// <summary>Epoch of the sender's activation; see <see cref="IPartitionGrain.OpenSenderAsync"/>.</summary>
    [Id(1)] public required long Epoch { get; init; }

    /// <summary>The sender's journal entry behind which this begins: what the previous delivery to this receiver ended with.</summary>
    [Id(2)] public required long AfterEntry { get; init; }

    /// <summary>The last journal entry of the sender that is covered.</summary>
    [Id(3)] public required long Entry { get; init; }

    /// <summary>Version of the dictionary the sender computed with; the receiver adopts it first.</summary>
    [Id(4)] public required long DictionaryVersion { get; init; }

    /// <summary>Distinct receiving nodes.</summary>
    [Id(5)] public required NodeKey[] Nodes { get; init; }

    /// <summary>Position in <see cref="Nodes"/> of each delta.</summary>
    [Id(6)] public required int[] NodeIndexes { get; init; }

    /// <summary>The deltas.</summary>
    [Id(7)] public required BucketDelta[] Deltas { get; init; }

    /// <summary>
    /// When the oldest source point in here was journaled at the leaf's partition, milliseconds since 1970-01-01T00:00:00Z; for the
    /// propagation metric only.
    /// </summary>
    [Id(8)] public required long OldestAcceptedAt { get; init; }

    /// <summary>Position in <see cref="Nodes"/> of each share.</summary>
    [Id(9)] public int[] ShareNodeIndexes { get; init; } = [];

    /// <summary>Shares that the receiver asked for, as of entries within the range.</summary>
    [Id(10)] public BucketShare[] Shares { get; init; } = [];

    /// <summary>
    /// <see cref="OldestAcceptedAt"/> for the receiving nodes of each depth, from the root's 0 on; <see cref="long.MaxValue"/> where there are none,
    /// and empty from a silo that does not tell them apart.
    /// </summary>
    [Id(11)] public long[] OldestByDepth { get; init; } = [];
}

/// <summary>A node asks for the shares of one of its buckets; a share goes to the node's partition, among the contributions.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.share-request.v1")]
public readonly record struct ShareRequest
{
    /// <summary>The node.</summary>
    [Id(0)] public required NodeKey Node { get; init; }

    /// <summary>Start of the bucket, milliseconds since 1970-01-01T00:00:00Z.</summary>
    [Id(1)] public required long Start { get; init; }

    /// <summary>Which collection it is for.</summary>
    [Id(2)] public required long Round { get; init; }
}

/// <summary>Alert transitions that nodes of one partition made, for one department, in order.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.transition-delivery.v1")]
public sealed record TransitionDelivery
{
    /// <summary>Number of the sending partition.</summary>
    [Id(0)] public required int Sender { get; init; }

    /// <summary>Identity of the transition in front of the first one here, as this sender numbers them for this department; 0 for none.</summary>
    [Id(1)] public required long AfterNumber { get; init; }

    /// <summary>The transitions; number i is <see cref="AfterNumber"/> + 1 + i.</summary>
    [Id(2)] public required ImmutableArray<AlertTransition> Transitions { get; init; }
}
