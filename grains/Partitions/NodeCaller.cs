using Monitoring.Dictionary;
using Monitoring.Indicators;

namespace Monitoring.Partitions;

/// <summary>
/// Calls the nodes of one partition, and gives them their stored state when they do not have it. With it they learn where the partition
/// is, and come there.
/// </summary>
internal sealed partial class NodeCaller(
    int partition, long epoch, SiloAddress home, IGrainFactory grains, IPartitionStore store, NodeImages nodeImages, ApplyTurns turns, PartitionOptions options, PartitionMetrics metrics)
{
    private RestatedHistory? _restated;

    /// <summary>Completes when the checkpoint that is being written is durable: until then stored state is older than it seems.</summary>
    public Task CheckpointWrite
    {
        get;
        set
        {
            field = value;
            _restated?.Forget();
        }
    } = Task.CompletedTask;

    /// <summary>Is told of steps; null in production.</summary>
    public Action<PumpStep>? Reached { get; init; }

    /// <summary>Nodes called at once.</summary>
    public int MaxCalls => options.MaxNodeCalls;

    /// <summary>Number of the partition.</summary>
    public int Partition => partition;

    /// <summary>What changed in a node; called between two entries only.</summary>
    public async Task<NodeCheckpoint> TakeCheckpointAsync(NodeSlot slot, IndicatorDefinition definition) =>
        await GrainOf(slot).TakeCheckpointAsync(Visit(slot, definition, image: null)) ?? throw new NodeStateLostException(slot.Key);

    /// <summary>A node as it stands, or null when its state is not in memory because it is stored as it is.</summary>
    /// <exception cref="NodeStateLostException">The node lost changes that are not stored.</exception>
    public async Task<NodeReading?> ReadAsync(NodeSlot slot, IndicatorDefinition definition, long now)
    {
        var isChanged = slot.IsDirty; // As of the call: an entry may be applied while it is under way.
        return slot.IsResident ? Checked(slot, isChanged, await GrainOf(slot).ReadAsync(epoch, slot.LastEntry, definition, now)) : null;
    }

    /// <summary>Buckets of a node in memory; none when its state is not there because it is stored as it is.</summary>
    /// <exception cref="NodeStateLostException">The node lost changes that are not stored.</exception>
    public Task<BucketRow[]> ReadBucketsAsync(NodeSlot slot, long start, long end) =>
        ReadRowsAsync(slot, node => node.ReadBucketsAsync(epoch, slot.LastEntry, start, end));

    /// <summary>Likewise its calendar days.</summary>
    /// <exception cref="NodeStateLostException">The node lost changes that are not stored.</exception>
    public Task<BucketRow[]> ReadDaysAsync(NodeSlot slot, long start, long end) =>
        ReadRowsAsync(slot, node => node.ReadDaysAsync(epoch, slot.LastEntry, start, end));

    /// <summary>The stored state of nodes, in their order, for looking at them without waking them.</summary>
    public async Task<NodeImage[]> PeekAsync(IReadOnlyList<(NodeSlot Slot, IndicatorDefinition Definition)> wanted)
    {
        await CheckpointWrite;
        return await nodeImages.LoadAsync(wanted);
    }

    /// <summary>Stored history of nodes, in the order asked for; together with what is in memory it is whole.</summary>
    public async Task<NodeHistory[]> LoadHistoryAsync(IReadOnlyList<HistoryLoad> loads)
    {
        await CheckpointWrite;
        return await store.LoadHistoryAsync(partition, loads, CancellationToken.None);
    }

    /// <summary>Forgets that a node has its state, so that it is loaded anew.</summary>
    public void Evict(NodeSlot slot) => SetResident(slot, isResident: false);

    /// <summary>Forgets that any node has its state.</summary>
    public void EvictAll(NodeTable nodes)
    {
        foreach (var slot in nodes.All)
        {
            Evict(slot);
        }
    }

    private async Task<BucketRow[]> ReadRowsAsync(NodeSlot slot, Func<IIndicatorGrain, ValueTask<BucketRow[]?>> read)
    {
        var isChanged = slot.IsDirty;
        return slot.IsResident ? Checked(slot, isChanged, await read(GrainOf(slot))) ?? [] : [];
    }

    private static T? Checked<T>(NodeSlot slot, bool isChanged, T? answer)
        where T : class => answer is null && isChanged ? throw new NodeStateLostException(slot.Key) : answer;

    private NodeVisit Visit(NodeSlot slot, IndicatorDefinition definition, NodeImage? image) => new()
    {
        Epoch = epoch,
        LastEntry = slot.LastEntry,
        Definition = definition,
        Image = image,
        Home = image is null ? null : home,
    };

    private IIndicatorGrain GrainOf(NodeSlot slot) => slot.Grain ??= grains.GetGrain<IIndicatorGrain>(slot.Key.ToString());

    private void SetResident(NodeSlot slot, bool isResident)
    {
        slot.Near = null; // It answers with itself when it is given its state.
        if (slot.IsResident != isResident)
        {
            slot.IsResident = isResident;
            metrics.OnNodesChanged(isResident ? 1 : -1);
        }
    }
}

/// <summary>A node's memory was lost with changes that are not stored: the partition must replay its journal.</summary>
internal sealed class NodeStateLostException(NodeKey key)
    : TryAgainException($"Node {key} lost its state since the last checkpoint; its partition replays the journal.");
