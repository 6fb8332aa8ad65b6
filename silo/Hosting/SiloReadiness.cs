using Microsoft.Extensions.Diagnostics.HealthChecks;
using Monitoring.Partitions;
using Monitoring.Placement;

namespace Monitoring.Hosting;

/// <summary>Ready means that the silo is a member of the cluster and has its share of the partitions.</summary>
internal sealed class SiloReadiness(PartitionPlaces places, LocalPartitions partitions) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!places.IsActive)
        {
            return Task.FromResult(HealthCheckResult.Unhealthy("The silo is not active in its cluster."));
        }

        var share = places.Current.Of(places.Self).ToHashSet();
        var present = partitions.All.Count(partition => share.Contains(partition.Number));
        return Task.FromResult(present < share.Count
            ? HealthCheckResult.Unhealthy($"{present} of the silo's {share.Count} partitions are here.")
            : HealthCheckResult.Healthy($"The silo has its {share.Count} partitions."));
    }
}
