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
    Serializer<NodeRecord> records, IOptions<RawPointOptions> options, IOptions<PartitionOptions> partitions) : Grain, IIndicatorGrain
{
    private NodeMemory _memory = null!;
    private NearNode? _near;
    private long _renewFrom;
    private long _staysUntil;

    /// <summary>How long the actor surely stays active after it was used; an eighth less than it does, for what is under way meanwhile.</summary>
    private long StayMs => (long)(partitions.Value.NodeIdleTime.TotalMilliseconds * 7 / 8);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _memory = new NodeMemory(NodeKey.Parse(this.GetPrimaryKeyString()), records, options.Value.RawChunkPoints);
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _near?.Leave();
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
        if (visit.Image is null || !outcome.IsApplied)
        {
            return new(outcome);
        }

        (_staysUntil, _renewFrom) = (input.Round.Now + StayMs, input.Round.Now); // This message counts as use; turns do not.
        return new(outcome with { Near = _near ??= new NearNode(this, GrainContext.Scheduler) });
    }

    /// <summary>What <see cref="ApplyAsync"/> does, without a message.</summary>
    public NodeOutcome ApplyInTurn(NodeInput input)
    {
        var now = input.Round.Now;
        if (now >= _staysUntil)
        {
            return NodeOutcome.NeedsState; // The actor may have been chosen to end, and what it is told would be lost.
        }

        if (now >= _renewFrom)
        {
            DelayDeactivation(partitions.Value.NodeIdleTime);
            (_staysUntil, _renewFrom) = (now + StayMs, now + (StayMs / 7));
        }

        return _memory.Apply(input);
    }

    public ValueTask<NodeReading?> ReadAsync(long epoch, long lastEntry, IndicatorDefinition definition, long now) =>
        new(_memory.Read(epoch, lastEntry, definition, now));

    public ValueTask<BucketRow[]?> ReadBucketsAsync(long epoch, long lastEntry, long start, long end) =>
        new(_memory.ReadBuckets(epoch, lastEntry, start, end));

    public ValueTask<BucketRow[]?> ReadDaysAsync(long epoch, long lastEntry, long start, long end) =>
        new(_memory.ReadDays(epoch, lastEntry, start, end));

    public ValueTask<NodeCheckpoint?> TakeCheckpointAsync(NodeVisit visit) => new(_memory.TakeCheckpoint(visit));
}
