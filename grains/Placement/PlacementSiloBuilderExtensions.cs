using Microsoft.Extensions.DependencyInjection;

namespace Monitoring.Placement;

/// <summary>Registers the placement of partitions.</summary>
public static class PlacementSiloBuilderExtensions
{
    /// <summary>Adds what spreads partitions over silos; partitions themselves are added elsewhere.</summary>
    public static ISiloBuilder AddPartitionPlacement(this ISiloBuilder silo)
    {
        silo.Services.AddSingleton<PartitionPlaces>();
        silo.AddPlacementDirector<PartitionPlacement, PartitionPlacementDirector>();
#pragma warning disable ORLEANSEXP003 // Experimental, but the default directory loses entries of a silo that dies, and with them single activation.
        return silo.AddDistributedGrainDirectory();
#pragma warning restore ORLEANSEXP003
    }
}
