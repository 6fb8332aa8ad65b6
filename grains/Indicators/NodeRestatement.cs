using Monitoring.RawPoints;

namespace Monitoring.Indicators;

/// <summary>
/// What one journal entry does to a node when it takes something back, or meets buckets that wait for shares. Counts and sums move at once.
/// Extremes cannot be taken back from a summary: a bucket of which the node knows every point is folded anew; any other becomes suspect when
/// an extreme may be gone, collects what its children hold, and tells its parent when its extremes turn out to be others.
/// </summary>
/// <remarks>
/// Why the collected extremes are exact: a share holds all points that the children in one partition have as of a place among their
/// contributions. Whatever they add behind it is collected as well. Whatever they take back behind it either does not reach what is
/// collected, or begins a new collection. So what is collected in the end is a superset of all points whose extremes are present ones.
/// </remarks>
internal sealed class NodeRestatement(NodeState state, NodeKey key, NodeStep step)
{
    private readonly BucketDeltas _changes = new(capacity: 4);
    private readonly BucketDeltas _contributions = new(capacity: 4);
    private readonly Dictionary<long, PresentPoints> _own = [];

    /// <summary>Corrections that were made.</summary>
    public List<Correction> Corrections { get; } = [];

    /// <summary>Corrections of points that are not known any more.</summary>
    public int Refused { get; private set; }

    /// <summary>Collections that began or ended.</summary>
    public List<BucketCollection> Collections { get; } = [];

    /// <summary>Collections whose shares did not add up.</summary>
    public int Mismatches { get; private set; }

    /// <summary>Starts of the buckets that an input restates; the node needs what is stored of them.</summary>
    public static SortedSet<long> Starts(NodeInput input)
    {
        var starts = new SortedSet<long>();
        for (var index = 0; index < input.PartCount; index++)
        {
            AddStarts(NodeStep.Of(input, index), starts);
        }

        foreach (var share in input.Shares)
        {
            starts.Add(share.Start);
        }

        return starts;
    }

    /// <summary>Applies the entry; returns what the parent must be told.</summary>
    public ReadOnlySpan<BucketDelta> Apply()
    {
        var restated = Starts(step.Input);
        foreach (var start in restated)
        {
            state.Complete(step.Definition, start, step.Input.History!);
        }

        TakePoints();
        foreach (ref readonly var delta in step.Deltas)
        {
            _changes.Add(delta);
        }

        foreach (var share in step.Input.Shares)
        {
            TakeShare(share);
        }

        foreach (ref readonly var change in _changes.Span)
        {
            Change(change, restated.Contains(change.Start));
        }

        foreach (var suspect in state.Suspects)
        {
            if (suspect.Answered.Length == PartitionCount && PartitionCount > 0)
            {
                Conclude(suspect);
            }
        }

        return _contributions.Span;
    }

    private int PartitionCount => step.Input.Round.PartitionCount;

    private static void AddStarts(NodeStep step, SortedSet<long> starts)
    {
        var resolution = (long)step.Definition.Resolution.TotalMilliseconds;
        for (var index = 0; index < step.Times.Length; index++)
        {
            if (step.CorrectedBy(index) is not null)
            {
                starts.Add(PeriodWindow.BucketStart(step.Times[index], resolution));
            }
        }

        foreach (ref readonly var delta in step.Deltas)
        {
            if (delta.Retracted is not null)
            {
                starts.Add(delta.Start);
            }
        }
    }

    private void TakePoints()
    {
        for (var index = 0; index < step.Times.Length; index++)
        {
            if (step.CorrectedBy(index) is not null && step.Times[index] >= state.RawFrom)
            {
                var start = PeriodWindow.BucketStart(step.Times[index], state.Resolution);
                _own.TryAdd(start, OwnPoints(start));
            }
        }

        for (var index = 0; index < step.Times.Length; index++)
        {
            TakePoint(step.Times[index], step.Values[index], step.CorrectedBy(index), index);
        }

        foreach (var (start, own) in _own)
        {
            var removed = own.Removed;
            _changes.Add(new BucketDelta { Start = start, Added = own.Added(), Retracted = removed.IsEmpty ? null : Retraction.Of(removed) });
        }
    }

    private void TakePoint(long time, double value, string? correctedBy, int position)
    {
        if (correctedBy is not null && time < state.RawFrom)
        {
            Refused++;
            return;
        }

        var start = PeriodWindow.BucketStart(time, state.Resolution);
        var own = _own.GetValueOrDefault(start);
        state.Raw.Append(time, value, replaces: correctedBy is not null);
        if (correctedBy is not null)
        {
            var old = own!.Replace(time, value);
            Corrections.Add(new Correction
            {
                Key = key,
                Entry = step.Entry,
                Position = position,
                Time = time,
                Value = value,
                OldValues = old.Length > Correction.MaxOldValues ? old[..Correction.MaxOldValues] : old,
                OldCount = old.Length,
                Source = correctedBy,
                RecordedAt = step.At,
                DictionaryVersion = step.Input.Round.DictionaryVersion,
            });
        }
        else if (own is not null)
        {
            own.Add(time, value);
        }
        else
        {
            _changes.Add(start, new Aggregate(time, value));
        }
    }

    private void TakeShare(in BucketShare share)
    {
        if (SuspectAt(share.Start) is { } suspect && suspect.Round == share.Round && !suspect.Answered.Contains(share.Sender))
        {
            Update(suspect, suspect with
            {
                Collected = Aggregate.Merge(suspect.Collected, share.Aggregate),
                Answered = suspect.Answered.Add(share.Sender),
            });
        }
    }

    private void Change(in BucketDelta change, bool isComplete)
    {
        var definition = step.Definition;
        if (isComplete)
        {
            state.Change(definition, change);
        }
        else
        {
            state.Add(definition, change);
        }

        _contributions.Add(new BucketDelta { Start = change.Start, Added = change.Added, Retracted = change.Retracted?.WithoutExtremes() });
        if (SuspectAt(change.Start) is { } suspect)
        {
            var collected = Aggregate.Merge(suspect.Collected, change.Added);
            Update(suspect, suspect with { Collected = collected, IsDisturbed = true });
            if (change.Retracted is { } retracted && !collected.IsEmpty && retracted.Reaches(collected))
            {
                Suspect(change.Start);
            }
        }
        else if (change.Retracted is { } retracted)
        {
            var bucket = state.Find(change.Start);
            if (_own.TryGetValue(change.Start, out var own) && own.Total() is var total && total.Count == bucket.Count)
            {
                Restate(change.Start, total);
            }
            else if (retracted.Reaches(bucket))
            {
                Suspect(change.Start);
            }
        }
    }

    /// <summary>Begins to collect, or begins anew.</summary>
    private void Suspect(long start)
    {
        Update(SuspectAt(start), new SuspectBucket { Start = start, Round = step.Entry });
        Collections.Add(new BucketCollection { Start = start, Round = step.Entry, IsOpen = true });
    }

    /// <summary>All shares are there.</summary>
    private void Conclude(SuspectBucket suspect)
    {
        Update(suspect, null);
        Collections.Add(new BucketCollection { Start = suspect.Start, Round = suspect.Round, IsOpen = false });
        var bucket = state.Find(suspect.Start);
        var collected = Aggregate.Merge(suspect.Collected, OwnPoints(suspect.Start).Total());
        if (!suspect.IsDisturbed && collected.Count != bucket.Count)
        {
            Mismatches++;
        }

        if (!collected.IsEmpty)
        {
            Restate(suspect.Start, collected with { Count = bucket.Count, RawSum = bucket.RawSum, Compensation = bucket.Compensation });
        }
    }

    private void Restate(long start, in Aggregate after)
    {
        var before = state.Find(start);
        state.Restate(step.Definition, start, after, step.Input.History!);
        if (Retraction.OfExtremes(before, after) is { } retracted)
        {
            _contributions.Add(new BucketDelta { Start = start, Added = default, Retracted = retracted });
        }
    }

    private PresentPoints OwnPoints(long start)
    {
        var own = new PresentPoints();
        state.Raw.Visit(step.Input.History!.Chunks, start, start + state.Resolution, own.Restore);
        return own;
    }

    private SuspectBucket? SuspectAt(long start) => state.Suspects.FirstOrDefault(suspect => suspect.Start == start);

    private void Update(SuspectBucket? before, SuspectBucket? after)
    {
        var suspects = before is null ? state.Suspects : state.Suspects.Remove(before);
        state.Suspects = after is null ? suspects : suspects.Add(after);
    }
}
