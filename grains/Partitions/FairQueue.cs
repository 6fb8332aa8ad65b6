namespace Monitoring.Partitions;

/// <summary>
/// What waits, by source, so that no source starves another. Sources take turns, each of them as much weight as the others (deficit round
/// robin); what one source sent keeps its order. Not thread-safe.
/// </summary>
/// <remarks>
/// Bounded in weight, for one source and for all. Whoever stays within an equal share of the whole is always taken: where there is no room,
/// what came last of the source that holds most gives way. Adding and taking take constant time, in the long run, whatever waits; only
/// giving way looks through the sources. Allocates only to grow.
/// </remarks>
/// <param name="quantum">Weight that a source may take in one turn.</param>
/// <param name="maxWeight">Most that may wait; exceeded by the last item taken in at most.</param>
/// <param name="maxSourceWeight">The same for one source.</param>
/// <param name="displaced">Is given what gives way; it was not taken.</param>
internal sealed class FairQueue<T>(int quantum, int maxWeight, int maxSourceWeight, Action<T> displaced)
    where T : class
{
    private readonly Dictionary<string, FairLane<T>> _lanes = new(StringComparer.Ordinal);
    private readonly Queue<FairLane<T>> _turns = new();
    private readonly Stack<FairLane<T>> _spare = new();

    /// <summary>Weight that waits, over all sources.</summary>
    public int Weight { get; private set; }

    /// <summary>Number of sources of which something waits.</summary>
    public int Sources { get; private set; }

    /// <summary>Adds an item behind the others of its source.</summary>
    /// <param name="source">Name of the source.</param>
    /// <param name="item">The item.</param>
    /// <param name="weight">At least 1.</param>
    public FairAnswer TryAdd(string source, T item, int weight)
    {
        var lane = _lanes.GetValueOrDefault(source);
        var held = lane?.Weight ?? 0;
        if (held >= maxSourceWeight)
        {
            return FairAnswer.SourceFull;
        }

        if (Weight >= maxWeight)
        {
            if ((held + (long)weight) * (held == 0 ? Sources + 1 : Sources) > maxWeight)
            {
                return FairAnswer.QueueFull;
            }

            // All others together hold more than their shares, so one of them does.
            while (Weight >= maxWeight)
            {
                DisplaceLastOf(Heaviest(), displaced);
            }
        }

        lane ??= Join(source);
        Sources += lane.IsEmpty ? 1 : 0;
        lane.Add(item, weight);
        Weight += weight;
        return FairAnswer.Taken;
    }

    /// <summary>Takes the item whose turn it is; false when nothing waits.</summary>
    public bool TryTake(out T item, out int weight)
    {
        while (_turns.TryPeek(out var lane))
        {
            if (lane.IsEmpty)
            {
                // Everything gave way before its turn came.
                Leave(_turns.Dequeue());
                continue;
            }

            if (!lane.HasTurn)
            {
                lane.BeginTurn(quantum);
            }

            if (!lane.CanPay && _turns.Count > 1)
            {
                lane.HasTurn = false;
                _turns.Enqueue(_turns.Dequeue());
                continue;
            }

            (item, weight) = lane.Take();
            Weight -= weight;
            if (lane.IsEmpty)
            {
                Sources--;
                Leave(_turns.Dequeue());
            }

            return true;
        }

        (item, weight) = (null!, 0);
        return false;
    }

    /// <summary>Lets everything give way that a source has, for each source whose first item is of a kind.</summary>
    /// <param name="isOf">Tells it of a first item.</param>
    /// <param name="given">Is given each item, the last of a source first.</param>
    public void DisplaceAll(Predicate<T> isOf, Action<T> given)
    {
        foreach (var lane in _turns)
        {
            if (!lane.IsEmpty && isOf(lane.First))
            {
                while (!lane.IsEmpty)
                {
                    DisplaceLastOf(lane, given);
                }
            }
        }
    }

    /// <summary>Gives every item that waits to somebody, in no particular order of sources, and forgets it.</summary>
    public void Clear(Action<T> taken)
    {
        while (TryTake(out var item, out _))
        {
            taken(item);
        }
    }

    private FairLane<T> Join(string source)
    {
        var lane = _spare.Count > 0 ? _spare.Pop() : new FairLane<T>();
        lane.Source = source;
        _lanes.Add(source, lane);
        _turns.Enqueue(lane);
        return lane;
    }

    private void Leave(FairLane<T> lane)
    {
        _lanes.Remove(lane.Source);
        lane.Reset();
        _spare.Push(lane);
    }

    private FairLane<T> Heaviest()
    {
        // Of two that hold the same, the one whose turn is farther away: it loses least.
        FairLane<T> heaviest = null!;
        foreach (var lane in _turns)
        {
            heaviest = heaviest is null || lane.Weight >= heaviest.Weight ? lane : heaviest;
        }

        return heaviest;
    }

    private void DisplaceLastOf(FairLane<T> lane, Action<T> given)
    {
        // An empty lane keeps its place until its turn comes, since it stands somewhere in the middle.
        var (item, weight) = lane.TakeLast();
        Weight -= weight;
        Sources -= lane.IsEmpty ? 1 : 0;
        given(item);
    }
}

/// <summary>What became of an item that was to be added.</summary>
internal enum FairAnswer
{
    /// <summary>It waits.</summary>
    Taken,

    /// <summary>Refused: its source has as much waiting as one source may have.</summary>
    SourceFull,

    /// <summary>Refused: too much waits, and its source would have more than its share.</summary>
    QueueFull,
}
