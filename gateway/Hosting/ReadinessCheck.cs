using Microsoft.Extensions.Diagnostics.HealthChecks;
using Monitoring.Gateway.Dictionary;

namespace Monitoring.Gateway.Hosting;

/// <summary>Ready means that the cluster answers: the last question for a newer dictionary was answered.</summary>
internal sealed class ReadinessCheck(DictionaryCache dictionary) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(dictionary.IsReadable
            ? HealthCheckResult.Healthy($"Dictionary version {dictionary.Current.Version} is in force.")
            : HealthCheckResult.Unhealthy("The cluster does not answer."));
}
