using Monitoring.Indicators;

namespace Monitoring.Partitions;

internal sealed partial class PartitionApplier
{
    /// <summary>
    /// Takes the entries to apply next: all that wait, up to a weight, while no one must be applied alone. A replay takes one at a time, since
    /// receivers may have what follows from some entries and not from others.
    /// </summary>
    private bool TakeRound()
    {
        _round.Clear();
        var weight = 0;
        while (_backlog.TryPeek(out var entry) && weight < options.MaxRoundWeight)
        {
            var isAlone = entry.Sequence <= journal.Epoch || entry.StandsAlone;
            if (isAlone && _round.Count > 0)
            {
                break;
            }

            _round.Add(_backlog.Dequeue());
            weight += entry.Weight;
            if (isAlone)
            {
                break;
            }
        }

        return _round.Count > 0;
    }

    private void Leave()
    {
        var weight = 0;
        foreach (var entry in _round)
        {
            weight += entry.Weight;
            BytesSinceCheckpoint += entry.Size;
        }

        _backlogWeight -= weight;
        metrics.OnBacklogChanged(-weight);
        metrics.OnApplied(weight, _grouping.Count);
        if (AppliedThrough >= journal.Epoch)
        {
            _replayed.TrySetResult();
        }

        Relieved();
    }

    private async Task ApplyAsync(CancellationToken stopping)
    {
        _grouping.Group(_round);
        _oldest.Clear();
        foreach (var entry in _round)
        {
            foreach (var item in entry.Items)
            {
                if (item is DictionaryItem adopted)
                {
                    await AdoptAsync(adopted.Version, stopping);
                }
            }

            foreach (var item in entry.Items)
            {
                applied.Replay(item);
                switch (item)
                {
                    case TickItem:
                        _agenda.TakeDue(entry.At).ForEach(_grouping.Touch);
                        break;
                    case ContributionsItem contributions:
                        _oldest.Note(contributions);
                        break;
                }
            }
        }

        _outcomes.Clear();
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        await caller.ApplyAsync(_grouping, dictionary.Define, dictionary.Current.Version, now, _outcomes);
        await AnswerAsync();
        await OpenReceiversAsync(stopping);
        Reached?.Invoke(PumpStep.Applied);
        if (!_isClosed)
        {
            var isReplay = _round[^1].Sequence < journal.Epoch;
            Conclude();
            Reached?.Invoke(isReplay ? PumpStep.Replayed : PumpStep.Concluded);
        }
    }

    private async Task AnswerAsync()
    {
        _answers.Clear();
        foreach (var item in _round[^1].Items)
        {
            if (item is SharesRequestedItem requested)
            {
                await _shares.AnswerAsync(requested, dictionary.Define, _answers);
            }
        }
    }

    /// <summary>
    /// While replaying, asks receivers what they have before anything is merged for them: the earlier activation may have sent some of it.
    /// </summary>
    private async Task OpenReceiversAsync(CancellationToken stopping)
    {
        if (_round[^1].Sequence > journal.Epoch)
        {
            return;
        }

        for (var index = 0; index < _outcomes.Count; index++)
        {
            if (_outcomes[index] is { Contributions.Length: > 0 }
                && exchange.ParentOf(_grouping[index].Slot)!.Outbox is { IsOpen: false } outbox)
            {
                await exchange.OpenAsync(outbox, stopping);
            }
        }

        foreach (var (node, _) in _answers)
        {
            await exchange.OpenAsync(exchange.ParentSlotOf(node).Outbox, stopping);
        }
    }

    /// <summary>
    /// Hands on all that follows from a round at once, without an await: a delivery covers whole entries, or it would be counted twice
    /// after a replay.
    /// </summary>
    private void Conclude()
    {
        var last = _round[^1];
        var oldestAtRoot = OldestPoints.None;
        for (var index = 0; index < _outcomes.Count; index++)
        {
            if (_outcomes[index] is { } outcome)
            {
                ref var group = ref _grouping[index];
                Conclude(group, outcome, last.Sequence);
                if (group.DeltaCount > 0 && group.Slot.Depth == 0)
                {
                    oldestAtRoot = _oldest[0];
                }
            }
        }

        Tell();
        foreach (var (node, share) in _answers)
        {
            var parent = exchange.ParentSlotOf(node);
            parent.Outbox.Add(parent, share, last.Sequence);
        }

        if (oldestAtRoot != OldestPoints.None && last.Sequence > journal.Epoch)
        {
            metrics.OnReachedRoot(Math.Max(0, clock.GetUtcNow().ToUnixTimeMilliseconds() - oldestAtRoot));
        }

        foreach (var entry in _round)
        {
            Applied(entry);
        }

        (AppliedThrough, AppliedAt, NodeCount) = (last.Sequence, last.At, last.NodeCount);
        exchange.AppliedThrough = last.Sequence;
    }

    private void Conclude(in NodeGroup group, NodeOutcome outcome, long entry)
    {
        _agenda.Schedule(group.Slot);
        if (outcome.Contributions.Length > 0)
        {
            var parent = exchange.ParentOf(group.Slot)!;
            var ofPoints = group.PointCount > 0 ? _grouping.FirstAt(group) : OldestPoints.None;
            var acceptedAt = group.DeltaCount > 0 ? Math.Min(ofPoints, _oldest[group.Slot.Depth]) : ofPoints;
            foreach (ref readonly var delta in outcome.Contributions.AsSpan())
            {
                parent.Outbox.Add(parent, delta, entry, acceptedAt);
            }
        }

        for (var index = 0; index < outcome.Transitions.Length; index++)
        {
            _transitions.Add((_grouping.Part(group.FirstPart + outcome.Causes[index]).Order, outcome.Transitions[index]));
        }

        requests.Note(group.Slot, outcome.Collections);
        corrections.Note(outcome);
    }

    /// <summary>
    /// Tells transitions in the order in which entries applied one by one would bring them: their numbers must be the same after a replay.
    /// </summary>
    private void Tell()
    {
        foreach (var (_, transition) in _transitions.OrderBy(made => made.Order))
        {
            metrics.OnTransition(transition.Kind);
            exchange.Notify(transition, dictionary.Current.Subscribers(transition.Node, transition.PeakLevel));
        }

        _transitions.Clear();
    }
}
