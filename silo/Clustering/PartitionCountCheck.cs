using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Monitoring.Partitions;

namespace Monitoring.Clustering;

/// <summary>
/// Ends a gateway that counts partitions otherwise than its cluster: it would send points to partitions that do not own them, and look for
/// nodes where they are not.
/// </summary>
internal sealed partial class PartitionCountCheck(
    IGrainFactory grains, PartitionMap map, IOptions<ClusterOptions> options, IHostApplicationLifetime lifetime, TimeProvider clock,
    ILogger<PartitionCountCheck> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await TryAskAsync(stoppingToken) is var count && count != map.Count)
        {
            if (count > 0)
            {
                LogDiffers(options.Value.Id, count, map.Count);
                Environment.ExitCode = 1;
                lifetime.StopApplication();
                return;
            }

            await Task.Delay(options.Value.ConnectInterval, clock, stoppingToken);
        }
    }

    private async Task<int> TryAskAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await grains.GetGrain<IPartitionMapGrain>(IPartitionMapGrain.Key).GetCountAsync(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotYet(exception);
            return 0;
        }
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Cluster {Cluster} has {Actual} partitions and Partitions:Count is {Configured} here: start this gateway with --Partitions:Count={Actual}")]
    private partial void LogDiffers(string cluster, int actual, int configured);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The cluster did not tell its number of partitions")]
    private partial void LogNotYet(Exception exception);
}
