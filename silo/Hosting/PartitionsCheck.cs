using Microsoft.Extensions.Diagnostics.HealthChecks;
using Monitoring.Partitions;

namespace Monitoring.Hosting;

/// <summary>Ready means that what the partitions of this silo are told becomes durable, and is applied.</summary>
internal sealed class PartitionsCheck(PartitionHealth partitions) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        string?[] failing =
            [partitions.Describe(PartitionDuty.Start), partitions.Describe(PartitionDuty.Journal), partitions.Describe(PartitionDuty.Apply)];
        if (failing.Any(sentence => sentence is not null))
        {
            return Task.FromResult(HealthCheckResult.Unhealthy(string.Join(" ", failing.OfType<string>())));
        }

        return Task.FromResult(partitions.Describe(PartitionDuty.Checkpoint) is { } stalled
            ? HealthCheckResult.Degraded(stalled)
            : HealthCheckResult.Healthy("The partitions here can write."));
    }
}
