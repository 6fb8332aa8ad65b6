using System.Collections.Immutable;
using Monitoring.Dictionary;
using Monitoring.Indicators;
using Monitoring.LatePoints;
using Monitoring.RawPoints;
using Orleans.Concurrency;

namespace Monitoring.Partitions;

/// <summary>
/// One fixed slice of all nodes, and their durable mailbox: drops duplicates, journals what is new, acknowledges, and hands it to the
/// nodes. The key is the partition's number, from 0.
/// </summary>
/// <remarks>
/// Every method interleaves. The invariant that holds across awaits: the journal orders everything, one loop appends to it and one
/// loop applies it.
/// </remarks>
[Alias("monitoring.partition")]
public interface IPartitionGrain : IGrainWithIntegerKey
{
    /// <summary>
    /// Takes points of sources, those of one source behind each other; the results stand in the order of the deliveries, once they are durable.
    /// One for which there is no room is <see cref="DeliveryStatus.Busy"/>, and so is all of its source behind it.
    /// </summary>
    [Alias("deliver-many"), AlwaysInterleave]
    Task<ImmutableArray<PointDeliveryResult>> DeliverManyAsync(
        ImmutableArray<PointDelivery> deliveries, CancellationToken cancellationToken = default);

    /// <summary>The same for points of one source; fails when there is no room for one. For gateways of an older version, while they are replaced.</summary>
    [Alias("deliver-points"), AlwaysInterleave]
    Task<ImmutableArray<PointDeliveryResult>> DeliverPointsAsync(
        ImmutableArray<PointDelivery> deliveries, CancellationToken cancellationToken = default);

    /// <summary>
    /// Opens a stream of a source: deliveries of older ones are refused from now on. Returns the greatest sequence of the source that is
    /// durable here; 0 for none.
    /// </summary>
    [Alias("open-source"), AlwaysInterleave]
    Task<long> OpenSourceAsync(string source, long epoch, CancellationToken cancellationToken = default);

    /// <summary>Takes what another partition's nodes contribute to nodes here, once it is durable.</summary>
    [Alias("deliver-contributions"), AlwaysInterleave]
    Task<DeliveryStatus> DeliverContributionsAsync(ContributionDelivery delivery, CancellationToken cancellationToken = default);

    /// <summary>
    /// Opens a new epoch of a sending partition, after which deliveries of older epochs are refused.
    /// Returns the last journal entry of the sender that is durable here; 0 for none.
    /// </summary>
    [Alias("open-sender"), AlwaysInterleave]
    Task<long> OpenSenderAsync(int sender, long epoch, CancellationToken cancellationToken = default);

    /// <summary>Switches to a version of the dictionary at one defined place of the journal; older versions are ignored.</summary>
    [Alias("adopt-dictionary"), AlwaysInterleave]
    Task AdoptDictionaryAsync(long version, CancellationToken cancellationToken = default);

    /// <summary>Reads nodes as they stand; nodes that do not exist are left out.</summary>
    [Alias("read-nodes"), AlwaysInterleave]
    Task<ImmutableArray<NodeReading>> ReadNodesAsync(ImmutableArray<NodeKey> keys, CancellationToken cancellationToken = default);

    /// <summary>Keys of this partition's nodes that match, in no particular order; with a limit, those whose paths come first.</summary>
    [Alias("list-nodes"), AlwaysInterleave]
    Task<ImmutableArray<NodeKey>> ListNodesAsync(NodeSelection selection, CancellationToken cancellationToken = default);

    /// <summary>Number of an indicator's nodes in this partition.</summary>
    [Alias("count-nodes"), AlwaysInterleave]
    Task<int> CountNodesAsync(string code, CancellationToken cancellationToken = default);

    /// <summary>Buckets of one node, oldest first, without empty ones.</summary>
    [Alias("read-history"), AlwaysInterleave]
    Task<ImmutableArray<Bucket>> ReadHistoryAsync(HistoryQuery query, CancellationToken cancellationToken = default);

    /// <summary>Points that came too late, as far as they are kept.</summary>
    [Alias("list-late"), AlwaysInterleave]
    Task<LatePage> ListLateAsync(LateSelection selection, CancellationToken cancellationToken = default);

    /// <summary>
    /// Puts late points into their buckets in spite of their lateness; durable when it returns, each at most once however often it is asked.
    /// The answers stand in the order of the ids.
    /// </summary>
    [Alias("reinject-late"), AlwaysInterleave]
    Task<ImmutableArray<ReinjectStatus>> ReinjectLateAsync(ImmutableArray<LateId> ids, CancellationToken cancellationToken = default);

    /// <summary>
    /// Takes requests for what children here hold of buckets of nodes elsewhere, once they are durable; each is answered at least once by a
    /// share among the contributions.
    /// </summary>
    [Alias("request-shares"), AlwaysInterleave]
    Task RequestSharesAsync(ImmutableArray<ShareRequest> requests, CancellationToken cancellationToken = default);

    /// <summary>What is on record of corrections of one node, oldest first.</summary>
    [Alias("list-corrections"), AlwaysInterleave]
    Task<ImmutableArray<Correction>> ListCorrectionsAsync(CorrectionQuery query, CancellationToken cancellationToken = default);

    /// <summary>
    /// Waits until everything that was journaled here before the call is applied to its nodes and what follows from it is durable at its
    /// receivers.
    /// </summary>
    [Alias("settle"), AlwaysInterleave]
    Task SettleAsync(CancellationToken cancellationToken = default);
}

/// <summary>Which nodes of an indicator.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.node-selection.v1")]
public sealed record NodeSelection
{
    /// <summary>Code of the indicator.</summary>
    [Id(0)] public required string Code { get; init; }

    /// <summary>Nodes at or below this path; empty means all.</summary>
    [Id(1)] public string PathPrefix { get; init; } = string.Empty;

    /// <summary>Smallest depth of a node's path, counted from the root.</summary>
    [Id(2)] public int MinDepth { get; init; }

    /// <summary>Greatest depth of a node's path, counted from the root.</summary>
    [Id(3)] public int MaxDepth { get; init; } = NodeKey.MaxDepth;

    /// <summary>Only nodes whose path comes behind this one in ordinal order; null for all.</summary>
    [Id(4)] public string? After { get; init; }

    /// <summary>At most this many keys; 0 for all.</summary>
    [Id(5)] public int Limit { get; init; }

    /// <summary>True when a node of the indicator is within the selection, <see cref="Limit"/> apart.</summary>
    public bool Takes(NodeKey key)
    {
        var depth = key.Depth;
        return depth >= MinDepth
            && depth <= MaxDepth
            && (After is null || string.CompareOrdinal(key.Path, After) > 0)
            && (PathPrefix.Length == 0
                || (key.Path.StartsWith(PathPrefix, StringComparison.Ordinal)
                    && (key.Path.Length == PathPrefix.Length || key.Path[PathPrefix.Length] == '/')));
    }
}

/// <summary>Which buckets of a node.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.history-query.v1")]
public sealed record HistoryQuery
{
    /// <summary>The node.</summary>
    [Id(0)] public required NodeKey Key { get; init; }

    /// <summary>Start of the span, milliseconds since 1970-01-01T00:00:00Z; a bucket belongs when its start does.</summary>
    [Id(1)] public required long Start { get; init; }

    /// <summary>End of the span, exclusive.</summary>
    [Id(2)] public required long End { get; init; }

    /// <summary>
    /// Width of the returned buckets in milliseconds, a multiple of the indicator's resolution, aligned to 1970-01-01T00:00:00Z;
    /// 0 merges the whole span into one bucket that starts at <see cref="Start"/>.
    /// </summary>
    [Id(3)] public required long Resolution { get; init; }

    /// <summary>
    /// Instead of a resolution a kind of period of the indicator's calendar: every period that has a part in the span comes as a whole.
    /// <see cref="PeriodKind.Rolling"/> for buckets of <see cref="Resolution"/>.
    /// </summary>
    [Id(4)] public PeriodKind Period { get; init; }
}
