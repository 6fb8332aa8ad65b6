using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Monitoring.Departments;
using Monitoring.Dictionary;
using Monitoring.Partitions;
using Monitoring.Placement;
using Monitoring.Sources;

namespace Monitoring.Hosting;

/// <summary>Puts the actors into a silo.</summary>
internal static class MonitoringGrains
{
    /// <summary>Adds all actors with their options; storage is added elsewhere.</summary>
    public static ISiloBuilder AddMonitoringGrains(this ISiloBuilder silo)
    {
        silo.Services.TryAddSingleton(TimeProvider.System);
        silo.Services.AddHealthChecks().AddCheck<PartitionsCheck>("partitions", tags: ["ready"]);
        silo.Services.AddPartitions().AddDictionary().AddDepartments().AddSources();
        return silo.AddPartitionPlacement();
    }
}
