using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Monitoring.Partitions;

namespace Monitoring.Clustering;

/// <summary>
/// The map of partitions as the cluster has it. A gateway does not configure it: one with another number would send points to partitions
/// that do not own them.
/// </summary>
internal sealed partial class ClusterPartitionMap(
    IGrainFactory grains, IOptions<ClusterOptions> options, TimeProvider clock, ILogger<ClusterPartitionMap> logger) : BackgroundService
{
    private volatile PartitionMap? _map;

    /// <exception cref="TryAgainException">The cluster has not been reached yet.</exception>
    public PartitionMap Map => _map ?? throw new TryAgainException("The cluster has not been reached yet; try again.");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (_map is null)
        {
            try
            {
                _map = new PartitionMap(await grains.GetGrain<IPartitionMapGrain>(IPartitionMapGrain.Key).GetCountAsync(stoppingToken));
                LogReached(options.Value.Id, _map.Count);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogNotYet(exception);
                await Task.Delay(options.Value.ConnectInterval, clock, stoppingToken);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Cluster {Cluster} was reached; it has {Partitions} partitions")]
    private partial void LogReached(string cluster, int partitions);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The cluster did not tell its number of partitions")]
    private partial void LogNotYet(Exception exception);
}
