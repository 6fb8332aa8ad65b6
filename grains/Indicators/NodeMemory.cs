using Monitoring.Dictionary;
using Orleans.Serialization;

namespace Monitoring.Indicators;

/// <summary>
/// What the actor of one node does: a cache of what its partition has journaled and stored. Whenever the two do not speak of the same
/// state, it asks for the stored one.
/// </summary>
internal sealed class NodeMemory(NodeKey key, Serializer<NodeRecord> records, int chunkPoints)
{
    private NodeState? _state;
    private long _epoch;
    private long _lastEntry;

    public NodeOutcome Apply(NodeInput input)
    {
        if (!IsReady(input.Visit))
        {
            return NodeOutcome.NeedsState;
        }

        var outcome = NodeCalculation.Apply(_state!, key, input);
        _lastEntry = NodeStep.Last(input).Entry;
        return outcome;
    }

    /// <summary>True when the partition has a newer activation than the one that asks, which does not know yet.</summary>
    public bool IsReplaced(in NodeVisit visit) => visit.Epoch < _epoch;

    public NodeReading? Read(long epoch, long lastEntry, IndicatorDefinition definition, long now)
    {
        if (!IsReadable(epoch, lastEntry))
        {
            return null;
        }

        // The question may have been overtaken by a dictionary with other periods.
        var meant = definition.HasSamePeriodsAs(_state!.LoadedFor) ? definition : _state.LoadedFor;
        return NodeCalculation.Read(_state, key, meant, now);
    }

    public BucketRow[]? ReadBuckets(long epoch, long lastEntry, long start, long end) =>
        IsReadable(epoch, lastEntry) ? _state!.BucketsWithin(start, end) : null;

    public BucketRow[]? ReadDays(long epoch, long lastEntry, long start, long end) =>
        IsReadable(epoch, lastEntry) ? _state!.DaysWithin(start, end) : null;

    public NodeCheckpoint? TakeCheckpoint(NodeVisit visit)
    {
        if (!IsReady(visit))
        {
            return null;
        }

        return new NodeCheckpoint
        {
            State = records.SerializeToArray(_state!.ToStored()),
            Clock = _state.Clock,
            Buckets = _state.TakeChanged(visit.Definition),
            Chunks = _state.TakeChunks(),
        };
    }

    private bool IsReadable(long epoch, long lastEntry) => _state is not null && _epoch == epoch && _lastEntry >= lastEntry;

    private bool IsReady(in NodeVisit visit)
    {
        if (IsReplaced(visit))
        {
            return false;
        }

        if (visit.Image is { } image)
        {
            var record = image.State is null ? new NodeRecord() : records.Deserialize(image.State)!;
            _state = new NodeState(visit.Definition, record, image, chunkPoints);
            (_epoch, _lastEntry) = (visit.Epoch, visit.LastEntry);
            return true;
        }

        return _state is not null && _epoch == visit.Epoch && _lastEntry == visit.LastEntry;
    }
}
