using Monitoring.Dictionary;
using Monitoring.Indicators;
using Orleans.Runtime.Placement;

namespace Monitoring.Partitions;

internal sealed partial class NodeCaller
{
    private readonly ValueTask<NodeOutcome>[] _calls = new ValueTask<NodeOutcome>[options.MaxNodeCalls];
    private readonly NodeTurns _turns = new(options.MaxNodeCalls);
    private readonly NodeOutcome?[] _answers = new NodeOutcome?[options.MaxNodeLoads];
    private readonly IndicatorDefinition?[] _definitions = new IndicatorDefinition?[options.MaxNodeLoads];
    private readonly List<int> _unready = [];
    private readonly Turn _turn = new(turns);

    /// <summary>
    /// Tells nodes what a round holds for them, many at a time, and collects what follows in the order of the nodes; null for a node whose
    /// indicator was removed from the dictionary: what still arrives for it counts nowhere.
    /// </summary>
    public async Task ApplyAsync(
        NodeGrouping grouping, Func<string, IndicatorDefinition?> define, long dictionaryVersion, long now, List<NodeOutcome?> outcomes)
    {
        try
        {
            await ApplyAsync(grouping.ToRound(partition, options.Count, dictionaryVersion, now), grouping, define, outcomes);
        }
        finally
        {
            _turn.GiveBack();
        }
    }

    /// <summary>Lets other partitions go on when this one waits for its nodes for long; for being called now and then.</summary>
    public void ShareTurn() => _turn.GiveBackIfLong();

    private async Task ApplyAsync(
        NodeRound round, NodeGrouping grouping, Func<string, IndicatorDefinition?> define, List<NodeOutcome?> outcomes)
    {
        for (var first = 0; first < grouping.Count; first += _answers.Length)
        {
            var count = Math.Min(_answers.Length, grouping.Count - first);
            Define(grouping, first, count, define);
            var needsStorage = NeedsStorage(grouping, first, count);
            if (needsStorage)
            {
                _turn.GiveBack(); // Whoever waits for the storage, or for nodes that may be elsewhere, lets others go on.
            }
            else
            {
                await _turn.TakeAsync();
            }

            var images = needsStorage ? await LoadAsync(grouping, first, count) : null;
            var histories = needsStorage ? await LoadRestatedAsync(round, grouping, first, count) : null;
            await CallAsync(round, grouping, first, count, images, histories);
            if (_unready.Count > 0)
            {
                _turn.GiveBack();
                await ApplyAgainAsync(round, grouping, first, images, histories);
            }

            for (var index = 0; index < count; index++)
            {
                outcomes.Add(Note(grouping, first + index, _answers[index]));
            }
        }
    }

    private bool NeedsStorage(NodeGrouping grouping, int first, int count)
    {
        for (var index = 0; index < count; index++)
        {
            ref var group = ref grouping[first + index];
            if ((!group.Slot.IsResident || group.IsRestated) && _definitions[index] is not null)
            {
                return true;
            }
        }

        return false;
    }

    private async Task CallAsync(
        NodeRound round, NodeGrouping grouping, int first, int count, NodeImage?[]? images, NodeHistory?[]? histories)
    {
        _unready.Clear();
        for (var begun = 0; begun < count; begun += _calls.Length)
        {
            if (images is not null)
            {
                BringHome();
            }

            var calls = Math.Min(_calls.Length, count - begun);
            for (var call = 0; call < calls; call++)
            {
                var index = begun + call;
                ref var group = ref grouping[first + index];
                if (group.Slot.Near is { Scheduler: { } scheduler } near && _definitions[index] is { } definition)
                {
                    _turns.Give(call, near, scheduler, ToInput(round, group, definition, image: null, histories?[index]));
                    continue;
                }

#pragma warning disable CA2012 // Each call is stored to be in flight with the others, and awaited exactly once below.
                _calls[call] = Call(round, group, _definitions[index], images?[index], histories?[index]);
#pragma warning restore CA2012
            }

            RequestContext.Remove(IPlacementDirector.PlacementHintKey);
            await CollectAsync(begun, calls);
            if (first + begun + calls < grouping.Count)
            {
                Reached?.Invoke(PumpStep.HalfApplied);
            }
        }
    }

    private static NodeOutcome? Note(NodeGrouping grouping, int index, NodeOutcome? outcome)
    {
        if (outcome is not null)
        {
            var slot = grouping[index].Slot;
            (slot.LastEntry, slot.IsDirty, slot.Exists, slot.Deadline) = (grouping.LastEntry(grouping[index]), true, true, outcome.Deadline);
            slot.Near = outcome.Near ?? slot.Near;
        }

        return outcome;
    }

    private void Define(NodeGrouping grouping, int first, int count, Func<string, IndicatorDefinition?> define)
    {
        var (code, definition) = (string.Empty, default(IndicatorDefinition));
        for (var index = 0; index < count; index++)
        {
            var key = grouping[first + index].Slot.Key;
            if (key.Code != code)
            {
                (code, definition) = (key.Code, define(key.Code)); // Neighbours nearly always are of one indicator.
            }

            _definitions[index] = definition;
        }
    }

    private ValueTask<NodeOutcome> Call(
        NodeRound round, in NodeGroup group, IndicatorDefinition? definition, NodeImage? image, NodeHistory? history)
    {
        return definition is null ? default : GrainOf(group.Slot).ApplyAsync(ToInput(round, group, definition, image, history));
    }

    private async Task<NodeImage?[]?> LoadAsync(NodeGrouping grouping, int first, int count)
    {
        var loaded = default(NodeImage?[]);
        var stored = default(List<(NodeSlot Slot, IndicatorDefinition Definition)>);
        var places = default(List<int>);
        for (var index = 0; index < count; index++)
        {
            var slot = grouping[first + index].Slot;
            if (slot.IsResident || _definitions[index] is not { } definition)
            {
                continue;
            }

            loaded ??= new NodeImage?[count];
            if (slot.LastEntry == 0)
            {
                loaded[index] = new NodeImage { State = null, Buckets = [] };
                SetResident(slot, isResident: true);
            }
            else
            {
                (stored ??= []).Add((slot, definition));
                (places ??= []).Add(index);
            }
        }

        if (stored is not null)
        {
            var found = await PeekAsync(stored);
            for (var index = 0; index < found.Length; index++)
            {
                loaded![places![index]] = found[index];
                SetResident(stored[index].Slot, isResident: true);
            }
        }

        return loaded;
    }

    /// <summary>What is stored of buckets that the round restates; null when it restates none.</summary>
    private async Task<NodeHistory?[]?> LoadRestatedAsync(NodeRound round, NodeGrouping grouping, int first, int count)
    {
        var loads = default(List<(int Index, HistoryLoad Load)>);
        for (var index = 0; index < count; index++)
        {
            ref var group = ref grouping[first + index];
            if (group.IsRestated && _definitions[index] is { } definition)
            {
                var starts = NodeRestatement.Starts(ToInput(round, group, definition, null, null));
                var spans = starts.Select(start => HistorySpan.ToRestate(definition, start)).ToList();
                (loads ??= []).Add((index, new HistoryLoad(group.Slot.Number, (long)definition.Resolution.TotalMilliseconds, spans)));
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

    private async Task CollectAsync(int begun, int calls)
    {
        await _turns.WaitAsync();
        for (var call = 0; call < calls; call++)
        {
            var answer = _answers[begun + call] = _turns.Take(call) ?? await _calls[call];
            if (answer is { IsApplied: false })
            {
                _unready.Add(begun + call);
            }
        }
    }

    /// <summary>Calls those again that lost their state or are on their way here, with their state.</summary>
    /// <exception cref="NodeStateLostException">One changed since it was stored, or did not come.</exception>
    private async Task ApplyAgainAsync(NodeRound round, NodeGrouping grouping, int first, NodeImage?[]? images, NodeHistory?[]? histories)
    {
        var again = _unready.ConvertAll(index => (Index: index, grouping[first + index].Slot, Image: images?[index]));
        if (again.Find(one => one.Image is null && one.Slot.IsDirty) is { Slot: { } lost })
        {
            throw new NodeStateLostException(lost.Key);
        }

        var missing = again.Where(one => one.Image is null).Select(one => (one.Slot, _definitions[one.Index]!)).ToList();
        var stored = new Queue<NodeImage>(missing.Count == 0 ? [] : await PeekAsync(missing));
        BringHome();
        var calls = again.ConvertAll(one =>
        {
            SetResident(one.Slot, isResident: true);
            var image = one.Image ?? stored.Dequeue();
            return Call(round, grouping[first + one.Index], _definitions[one.Index], image, histories?[one.Index]).AsTask();
        });
        RequestContext.Remove(IPlacementDirector.PlacementHintKey);
        foreach (var (one, outcome) in again.Zip(await Task.WhenAll(calls)))
        {
            _answers[one.Index] = outcome.IsApplied ? outcome : throw new NodeStateLostException(one.Slot.Key);
        }
    }

    /// <summary>Says to where nodes go that are told, by the calls that follow, that they are elsewhere.</summary>
    private void BringHome() => RequestContext.Set(IPlacementDirector.PlacementHintKey, home);

    private NodeInput ToInput(NodeRound round, in NodeGroup group, IndicatorDefinition definition, NodeImage? image, NodeHistory? history) => new()
    {
        Visit = Visit(group.Slot, definition, image),

        // A node that is given its state may be elsewhere, and what it is told then crosses the network.
        Round = image is null ? round : NodeStretch.Of(round, group),
        Number = group.Slot.Number,
        FirstPart = image is null ? group.FirstPart : 0,
        PartCount = group.PartCount,
        Shares = group.Shares is null ? [] : [.. group.Shares],
        History = history,
    };
}
