using Monitoring.Dictionary;
using Orleans.Placement;
using Orleans.Serialization;

namespace Monitoring.Indicators;

/// <summary>
/// The actor of one node. Its memory is a cache of what its partition has journaled and stored: whenever the two do not speak of the
/// same state, it asks for the stored one.
/// </summary>
[GrainType("indicator"), PreferLocalPlacement]
internal sealed class IndicatorGrain(Serializer<NodeRecord> records) : Grain, IIndicatorGrain
{
    private NodeKey _key = null!;
    private NodeState? _state;
    private long _epoch;
    private long _lastEntry;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _key = NodeKey.Parse(this.GetPrimaryKeyString());
        return Task.CompletedTask;
    }

    public ValueTask<NodeOutcome> ApplyAsync(NodeInput input)
    {
        if (!IsReady(input.Visit))
        {
            return new(NodeOutcome.NeedsState);
        }

        var outcome = NodeCalculation.Apply(_state!, _key, input);
        _lastEntry = input.Entry;
        return new(outcome);
    }

    public ValueTask<NodeReading?> ReadAsync(long epoch, long lastEntry, IndicatorDefinition definition, long now) =>
        new(IsReadable(epoch, lastEntry) ? NodeCalculation.Read(_state!, _key, definition, now) : null);

    public ValueTask<BucketRow[]?> ReadBucketsAsync(long epoch, long lastEntry, long start, long end) =>
        new(IsReadable(epoch, lastEntry) ? _state!.BucketsWithin(start, end) : null);

    public ValueTask<NodeCheckpoint?> TakeCheckpointAsync(NodeVisit visit)
    {
        if (!IsReady(visit))
        {
            return new((NodeCheckpoint?)null);
        }

        return new(new NodeCheckpoint
        {
            State = records.SerializeToArray(_state!.Record),
            Clock = _state.Record.Clock,
            Buckets = _state.TakeChanged(visit.Definition),
        });
    }

    private bool IsReadable(long epoch, long lastEntry) => _state is not null && _epoch == epoch && _lastEntry >= lastEntry;

    private bool IsReady(NodeVisit visit)
    {
        if (visit.Image is { } image)
        {
            var record = image.State is null ? new NodeRecord() : records.Deserialize(image.State)!;
            _state = new NodeState(visit.Definition, record, image.Buckets);
            (_epoch, _lastEntry) = (visit.Epoch, visit.LastEntry);
            return true;
        }

        return _state is not null && _epoch == visit.Epoch && _lastEntry == visit.LastEntry;
    }
}
