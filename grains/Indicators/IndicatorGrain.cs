using Microsoft.Extensions.Options;
using Monitoring.Dictionary;
using Monitoring.RawPoints;
using Orleans.Placement;
using Orleans.Serialization;

namespace Monitoring.Indicators;

/// <summary>Hosts one node: a <see cref="NodeMemory"/> for as long as the grain is active.</summary>
[GrainType("indicator"), PreferLocalPlacement]
internal sealed class IndicatorGrain(Serializer<NodeRecord> records, IOptions<RawPointOptions> options) : Grain, IIndicatorGrain
{
    private NodeMemory _memory = null!;

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

        return new(_memory.Apply(input));
    }

    public ValueTask<NodeReading?> ReadAsync(long epoch, long lastEntry, IndicatorDefinition definition, long now) =>
        new(_memory.Read(epoch, lastEntry, definition, now));

    public ValueTask<BucketRow[]?> ReadBucketsAsync(long epoch, long lastEntry, long start, long end) =>
        new(_memory.ReadBuckets(epoch, lastEntry, start, end));

    public ValueTask<NodeCheckpoint?> TakeCheckpointAsync(NodeVisit visit) => new(_memory.TakeCheckpoint(visit));
}
