using System.Collections.Immutable;
using Monitoring.Alerting;
using Monitoring.Dictionary;
using Monitoring.Indicators;

namespace Monitoring.Partitions;

/// <summary>What a partition stores of itself with a checkpoint.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.partition-header.v1")]
internal sealed record PartitionHeader
{
    /// <summary>Time of the last covered entry, milliseconds since 1970-01-01T00:00:00Z.</summary>
    [Id(0)] public long At { get; init; }

    /// <summary>Version of the dictionary in force.</summary>
    [Id(1)] public long DictionaryVersion { get; init; }

    /// <summary>What was received of each source.</summary>
    [Id(2)] public ImmutableDictionary<string, SenderMark> Sources { get; init; } = ImmutableDictionary<string, SenderMark>.Empty;

    /// <summary>What was received of each partition.</summary>
    [Id(3)] public ImmutableDictionary<int, SenderMark> Senders { get; init; } = ImmutableDictionary<int, SenderMark>.Empty;

    /// <summary>Contributions that were not known to be durable at their receivers.</summary>
    [Id(4)] public ImmutableArray<StoredOutbox> Outboxes { get; init; } = [];

    /// <summary>Transitions that were not known to be durable at their departments.</summary>
    [Id(5)] public ImmutableArray<StoredNoticebox> Notices { get; init; } = [];

    /// <summary>Departments that were told of each open alert.</summary>
    [Id(6)]
    public ImmutableDictionary<string, ImmutableArray<string>> Audiences { get; init; } =
        ImmutableDictionary<string, ImmutableArray<string>>.Empty;

    /// <summary>What indicators meant that were removed.</summary>
    [Id(7)] public ImmutableArray<IndicatorDefinition> Retired { get; init; } = [];

    /// <summary>Collections of shares that were open.</summary>
    [Id(10)] public ImmutableArray<StoredCollection> Collections { get; init; } = [];

    /// <summary>Raw points that are older may be gone, event time in milliseconds since 1970-01-01T00:00:00Z; never goes back.</summary>
    [Id(11)] public long RawFrom { get; init; }

    /// <summary>What was refused of the sources' last batches, by source and in the order of the batches.</summary>
    [Id(12)] public ImmutableArray<StoredRefusal> Refusals { get; init; } = [];
}

/// <summary>How much a partition has of one sender.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.sender-mark.v1")]
internal readonly record struct SenderMark
{
    /// <summary>The sender's newest stream or activation.</summary>
    [Id(0)] public required long Epoch { get; init; }

    /// <summary>Sequence of the last batch, or journal entry, that was received.</summary>
    [Id(1)] public required long Position { get; init; }
}

/// <summary>What was refused of one batch, as stored.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.stored-refusal.v1")]
internal sealed record StoredRefusal
{
    /// <summary>Who sent the batch.</summary>
    [Id(0)] public required string Source { get; init; }

    /// <summary>Sequence of the batch.</summary>
    [Id(1)] public required long Sequence { get; init; }

    /// <summary>Positions, within what the partition got of the batch, of points of unknown indicators.</summary>
    [Id(2)] public int[] Unknown { get; init; } = [];

    /// <summary>Positions of corrections of points that might be forgotten.</summary>
    [Id(3)] public int[] Overdue { get; init; } = [];

    /// <summary>Positions of points whose nodes would have been too many.</summary>
    [Id(4)] public int[] Excess { get; init; } = [];
}

/// <summary>An outbox as stored.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.stored-outbox.v1")]
internal sealed record StoredOutbox
{
    /// <summary>Number of the receiving partition.</summary>
    [Id(0)] public required int Receiver { get; init; }

    /// <summary>The delivery in flight; null for none.</summary>
    [Id(1)] public ContributionDelivery? InFlight { get; init; }

    /// <summary>Receiving nodes of what waits.</summary>
    [Id(2)] public NodeKey[] Nodes { get; init; } = [];

    /// <summary>Position in <see cref="Nodes"/> of each delta that waits.</summary>
    [Id(3)] public int[] NodeIndexes { get; init; } = [];

    /// <summary>What waits.</summary>
    [Id(4)] public BucketDelta[] Deltas { get; init; } = [];

    /// <summary>When the oldest point in what waits was journaled, milliseconds since 1970-01-01T00:00:00Z.</summary>
    [Id(5)] public long OldestAcceptedAt { get; init; }

    /// <summary>Position in <see cref="Nodes"/> of each share that waits.</summary>
    [Id(6)] public int[] ShareNodeIndexes { get; init; } = [];

    /// <summary>Shares that wait.</summary>
    [Id(7)] public BucketShare[] Shares { get; init; } = [];
}

/// <summary>The transitions that wait for one department, as stored.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.stored-noticebox.v1")]
internal sealed record StoredNoticebox
{
    /// <summary>Id of the department.</summary>
    [Id(0)] public required string Department { get; init; }

    /// <summary>Number of the last transition that is known to be durable at the department.</summary>
    [Id(1)] public required long AcknowledgedNumber { get; init; }

    /// <summary>What waits, numbered on from there.</summary>
    [Id(2)] public ImmutableArray<AlertTransition> Waiting { get; init; } = [];
}
