using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Monitoring.Dictionary;

namespace Monitoring.Partitions;

/// <summary>
/// Keeps every partition active, whether or not points arrive: rules wait for the time, and what an earlier process left unsent must go
/// out. Tells them the dictionary in force on the way. Closes those of this silo before it stops.
/// </summary>
internal sealed partial class PartitionStarter(
    IGrainFactory grains, DictionaryVersions dictionaries, LocalPartitions partitions, PartitionHealth health, IOptions<PartitionOptions> options,
    TimeProvider clock, ILogger<PartitionStarter> logger)
    : BackgroundService
{
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (!await partitions.StopAsync(cancellationToken))
        {
            LogNotClosed();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.StartInterval, clock);
        do
        {
            await StartAllAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task TryStartAsync(int partition, long version, CancellationToken cancellationToken)
    {
        try
        {
            await grains.GetGrain<IPartitionGrain>(partition).AdoptDictionaryAsync(version, cancellationToken);
            health.OnWorked(partition, PartitionDuty.Start);
        }
        catch (JournalHeldUpException)
        {
            // It runs; that it cannot write is known where it is.
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Its storage or its silo is away; the next round tries again.
            health.OnFailed(partition, PartitionDuty.Start, exception);
        }
    }

    private async Task StartAllAsync(CancellationToken cancellationToken)
    {
        try
        {
            var dictionary = await dictionaries.GetLatestAsync(cancellationToken);
            await Task.WhenAll(Enumerable.Range(0, options.Value.Count).Select(partition => TryStartAsync(partition, dictionary.Version, cancellationToken)));
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogNoDictionary(exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "There was no time to close all partitions; the next start replays what they had not stored")]
    private partial void LogNotClosed();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The dictionary could not be read, so partitions are not told it; it is tried again")]
    private partial void LogNoDictionary(Exception exception);
}
