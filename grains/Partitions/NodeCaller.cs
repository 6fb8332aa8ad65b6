using Monitoring.Dictionary;
using Monitoring.Indicators;
using Orleans.Runtime.Placement;

namespace Monitoring.Partitions;

/// <summary>
/// Calls the nodes of one partition, and gives them their stored state when they do not have it. With it they learn where the partition
/// is, and come there.
/// </summary>
internal sealed class NodeCaller(
    int partition, long epoch, SiloAddress home, IGrainFactory grains, IPartitionStore store, PartitionOptions options, PartitionMetrics metrics)
{
    private readonly ValueTask<NodeOutcome>[] _calls = new ValueTask<NodeOutcome>[options.MaxNodeCalls];
    private readonly NodeOutcome?[] _answers = new NodeOutcome?[options.MaxNodeCalls];
    private readonly List<int> _unready = [];

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
    public int MaxCalls => _calls.Length;

    /// <summary>Number of the partition.</summary>
    public int Partition => partition;

    /// <summary>Tells nodes what an entry holds for them, many at a time, and collects what follows in the order of the nodes.</summary>
    public async Task ApplyAsync(
        JournalEntry entry, NodeGrouping grouping, Func<string, IndicatorDefinition?> define, long dictionaryVersion,
        List<(NodeSlot Slot, NodeOutcome Outcome)> outcomes)
    {
        var touched = grouping.Touched;
        for (var first = 0; first < touched.Count; first += _calls.Length)
        {
            var count = Math.Min(_calls.Length, touched.Count - first);
            var images = await LoadAsync(touched, first, count, define);
            var histories = await LoadRestatedAsync(entry, grouping, first, count, define);
            if (images is not null)
            {
                BringHome();
            }

            for (var index = 0; index < count; index++)
            {
                var slot = touched[first + index];
#pragma warning disable CA2012 // Each call is stored to be in flight with the others, and awaited exactly once below.
                _calls[index] = define(slot.Key.Code) is { } definition
                    ? GrainOf(slot).ApplyAsync(ToInput(entry, grouping, slot, definition, dictionaryVersion, images?[index], histories?[index]))
                    : default;
#pragma warning restore CA2012
            }

            RequestContext.Remove(IPlacementDirector.PlacementHintKey);
            await CollectAsync(count);
            if (_unready.Count > 0)
            {
                await ApplyAgainAsync(entry, grouping, first, define, dictionaryVersion, images, histories);
            }

            for (var index = 0; index < count; index++)
            {
                // Without an answer, the indicator was removed from the dictionary; what still arrives for it counts nowhere.
                if (_answers[index] is { } outcome)
                {
                    var slot = touched[first + index];
                    (slot.LastEntry, slot.IsDirty, slot.Exists, slot.Deadline) = (entry.Sequence, true, true, outcome.Deadline);
                    outcomes.Add((slot, outcome));
                }
            }

            if (first + count < touched.Count)
            {
                Reached?.Invoke(PumpStep.HalfApplied);
            }
        }
    }

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
    public async Task<BucketRow[]> ReadBucketsAsync(NodeSlot slot, long start, long end)
    {
        var isChanged = slot.IsDirty;
        return slot.IsResident ? Checked(slot, isChanged, await GrainOf(slot).ReadBucketsAsync(epoch, slot.LastEntry, start, end)) ?? [] : [];
    }

    /// <summary>The stored state of nodes, in their order, for looking at them without waking them.</summary>
    public async Task<NodeImage[]> PeekAsync(IEnumerable<(NodeSlot Slot, IndicatorDefinition Definition)> wanted)
    {
        await CheckpointWrite;
        return await store.LoadNodesAsync(partition, [.. wanted.Select(node => ToLoad(node.Slot, node.Definition))], CancellationToken.None);
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

    private async Task<NodeImage?[]?> LoadAsync(
        IReadOnlyList<NodeSlot> slots, int first, int count, Func<string, IndicatorDefinition?> define)
    {
        var images = default(NodeImage?[]);
        var stored = new List<(int Index, NodeLoad Load)>();
        for (var index = 0; index < count; index++)
        {
            var slot = slots[first + index];
            if (slot.IsResident || define(slot.Key.Code) is not { } definition)
            {
                continue;
            }

            images ??= new NodeImage?[count];
            if (slot.LastEntry == 0)
            {
                images[index] = new NodeImage { State = null, Buckets = [] };
                SetResident(slot, isResident: true);
            }
            else
            {
                stored.Add((index, ToLoad(slot, definition)));
            }
        }

        if (stored.Count > 0)
        {
            await CheckpointWrite;
            var loaded = await store.LoadNodesAsync(partition, [.. stored.Select(one => one.Load)], CancellationToken.None);
            for (var index = 0; index < loaded.Length; index++)
            {
                images![stored[index].Index] = loaded[index];
                SetResident(slots[first + stored[index].Index], isResident: true);
            }
        }

        return images;
    }

    /// <summary>What is stored of buckets that the entry restates; null when it restates none.</summary>
    private async Task<NodeHistory?[]?> LoadRestatedAsync(
        JournalEntry entry, NodeGrouping grouping, int first, int count, Func<string, IndicatorDefinition?> define)
    {
        var loads = default(List<(int Index, HistoryLoad Load)>);
        for (var index = 0; index < count; index++)
        {
            var slot = grouping.Touched[first + index];
            if (slot.IsRestated && define(slot.Key.Code) is { } definition)
            {
                var starts = NodeRestatement.Starts(ToInput(entry, grouping, slot, definition, 0, null, null));
                var spans = starts.Select(start => HistorySpan.ToRestate(definition, start)).ToList();
                (loads ??= []).Add((index, new HistoryLoad(slot.Number, (long)definition.Resolution.TotalMilliseconds, spans)));
            }
        }

        if (loads is null)
        {
            return null;
        }

        var histories = new NodeHistory?[count];
        _restated ??= new RestatedHistory(LoadHistoryAsync, options.MaxRestatedRows);
        var loaded = await _restated.ReadAsync([.. loads.Select(one => one.Load)]);
        for (var index = 0; index < loaded.Length; index++)
        {
            histories[loads[index].Index] = loaded[index];
        }

        return histories;
    }

    private async Task CollectAsync(int count)
    {
        _unready.Clear();
        for (var index = 0; index < count; index++)
        {
            _answers[index] = await _calls[index];
            if (_answers[index] is { IsApplied: false })
            {
                _unready.Add(index);
            }
        }
    }

    /// <summary>Calls those again that lost their state or are on their way here, with their state.</summary>
    /// <exception cref="NodeStateLostException">One changed since it was stored, or did not come.</exception>
    private async Task ApplyAgainAsync(
        JournalEntry entry, NodeGrouping grouping, int first, Func<string, IndicatorDefinition?> define, long dictionaryVersion,
        NodeImage?[]? images, NodeHistory?[]? histories)
    {
        var again = _unready.ConvertAll(index => (Index: index, Slot: grouping.Touched[first + index], Image: images?[index]));
        if (again.Find(one => one.Image is null && one.Slot.IsDirty) is { Slot: { } lost })
        {
            throw new NodeStateLostException(lost.Key);
        }

        var missing = again.Where(one => one.Image is null).Select(one => one.Slot).ToList();
        var stored = new Queue<NodeImage>(missing.Count == 0 ? [] : await PeekAsync(missing.Select(slot => (slot, define(slot.Key.Code)!))));
        BringHome();
        var calls = again.ConvertAll(one =>
        {
            SetResident(one.Slot, isResident: true);
            var definition = define(one.Slot.Key.Code)!;
            return GrainOf(one.Slot).ApplyAsync(
                ToInput(entry, grouping, one.Slot, definition, dictionaryVersion, one.Image ?? stored.Dequeue(), histories?[one.Index])).AsTask();
        });
        RequestContext.Remove(IPlacementDirector.PlacementHintKey);
        foreach (var (one, outcome) in again.Zip(await Task.WhenAll(calls)))
        {
            _answers[one.Index] = outcome.IsApplied ? outcome : throw new NodeStateLostException(one.Slot.Key);
        }
    }

    /// <summary>Says to where nodes go that are told, by the calls that follow, that they are elsewhere.</summary>
    private void BringHome() => RequestContext.Set(IPlacementDirector.PlacementHintKey, home);

    private static T? Checked<T>(NodeSlot slot, bool isChanged, T? answer)
        where T : class => answer is null && isChanged ? throw new NodeStateLostException(slot.Key) : answer;

    private static NodeLoad ToLoad(NodeSlot slot, IndicatorDefinition definition) => new(
        slot.Number,
        slot.Key,
        (long)definition.Resolution.TotalMilliseconds,
        NodeState.KeepFrom(definition, slot.StoredClock),
        NodeState.KeepDaysFrom(definition, slot.StoredClock));

    private NodeInput ToInput(
        JournalEntry entry, NodeGrouping grouping, NodeSlot slot, IndicatorDefinition definition, long dictionaryVersion, NodeImage? image,
        NodeHistory? history) => new()
        {
            Visit = Visit(slot, definition, image),
            Entry = entry.Sequence,
            At = entry.At,
            DictionaryVersion = dictionaryVersion,
            Partition = partition,
            Number = slot.Number,
            Times = grouping.Times,
            Values = grouping.Values,
            PointStart = NodeGrouping.PointStart(slot),
            PointCount = slot.PointCount,
            Deltas = grouping.Deltas,
            DeltaStart = NodeGrouping.DeltaStart(slot),
            DeltaCount = slot.DeltaCount,
            CorrectedBy = grouping.CorrectedBy,
            Shares = slot.Shares is null ? [] : [.. slot.Shares],
            PartitionCount = options.Count,
            History = history,
        };

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
