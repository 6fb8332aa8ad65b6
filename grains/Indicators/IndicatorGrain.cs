using Microsoft.Extensions.Options;
using Monitoring.Dictionary;
using Monitoring.Partitions;
using Monitoring.RawPoints;
using Orleans.Placement;
using Orleans.Serialization;

namespace Monitoring.Indicators;

/// <summary>Hosts one node: a <see cref="NodeMemory"/> for as long as the grain is active.</summary>
[GrainType("indicator"), PreferLocalPlacement]
internal sealed class IndicatorGrain(
    Serializer<NodeRecord> records, IOptions<RawPointOptions> options, IOptions<PartitionOptions> partitions) : Grain, IIndicatorGrain, INearNode
{
    private NodeMemory _memory = null!;
    private long _staysUntil;
    private bool _isGone;

    public IWorkItemScheduler Scheduler => GrainContext.Scheduler;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _memory = new NodeMemory(NodeKey.Parse(this.GetPrimaryKeyString()), records, options.Value.RawChunkPoints);
        return Task.CompletedTask;
    }

    public ValueTask<NodeOutcome> ApplyAsync(NodeInput input)
    {
        var visit = input.Visit;
        if (visit.Home is { } home && !home.Equals(GrainContext.Address.SiloAddress) && !_memory.IsReplaced(visit))
        {
            // The partition has moved: every further call would cross the network. The request says to where.
            MigrateOnIdle();
            return new(NodeOutcome.NeedsState);
        }

        var outcome = _memory.Apply(input);
        return new(visit.Image is not null && outcome.IsApplied ? outcome with { Near = this } : outcome);
    }

    public NodeOutcome Apply(NodeInput input)
    {
        if (_isGone)
        {
            return NodeOutcome.NeedsState;
        }

        Stay(NodeStep.Last(input).At);
        return _memory.Apply(input);
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _isGone = true;
        return Task.CompletedTask;
    }

    /// <summary>Turns without a message do not count as use of the actor: says itself that it is in use.</summary>
    private void Stay(long at)
    {
        if (at >= _staysUntil)
        {
            var idle = partitions.Value.NodeIdleTime;
            DelayDeactivation(idle);
            _staysUntil = at + (long)(idle.TotalMilliseconds / 8);
        }
    }

    public ValueTask<NodeReading?> ReadAsync(long epoch, long lastEntry, IndicatorDefinition definition, long now) =>
        new(_memory.Read(epoch, lastEntry, definition, now));

    public ValueTask<BucketRow[]?> ReadBucketsAsync(long epoch, long lastEntry, long start, long end) =>
        new(_memory.ReadBuckets(epoch, lastEntry, start, end));

    public ValueTask<NodeCheckpoint?> TakeCheckpointAsync(NodeVisit visit) => new(_memory.TakeCheckpoint(visit));
}
