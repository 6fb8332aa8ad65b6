using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace Monitoring.Placement;

/// <summary>Places partitions where <see cref="PartitionPlaces"/> says.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.partition-placement")]
public sealed class PartitionPlacement : PlacementStrategy
{
}

/// <summary>Asks for <see cref="PartitionPlacement"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class PartitionPlacementAttribute() : PlacementAttribute(new PartitionPlacement());

/// <inheritdoc cref="PartitionPlacement"/>
internal sealed class PartitionPlacementDirector(PartitionPlaces places) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var possible = context.GetCompatibleSilos(target);
        var home = places.Current.HomeOf(target.GrainIdentity.GetIntegerKey());

        // Orleans may see a change of the cluster a moment earlier or later; then any silo that is there now will do for the moment.
        return Task.FromResult(home is not null && possible.Contains(home) ? home : possible.Min()!);
    }
}
