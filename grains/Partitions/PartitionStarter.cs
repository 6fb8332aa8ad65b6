using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Monitoring.Dictionary;
using Monitoring.Placement;

namespace Monitoring.Partitions;

/// <summary>
/// Keeps this silo's share of the partitions active, whether or not points arrive: rules wait for the time, and what an earlier process
/// left unsent must go out. Tells them the dictionary in force on the way. Closes those that are here before the silo stops.
/// </summary>
internal sealed partial class PartitionStarter(
    IGrainFactory grains, DictionaryVersions dictionaries, PartitionPlaces places, LocalPartitions partitions, PartitionHealth health,
    IOptions<PartitionOptions> options, TimeProvider clock, ILogger<PartitionStarter> logger)
    : BackgroundService
{
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (!await partitions.CloseAsync(cancellationToken))
        {
            LogNotClosed();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var spread = places.Current;
            for (var backoff = new Backoff(clock, options.Value); !await TryStartAsync(spread, stoppingToken) && places.Current == spread;)
            {
                await backoff.PauseAsync(stoppingToken);
            }

            await RestAsync(spread, stoppingToken);
        }
    }

    /// <summary>Waits until the silos have changed, or it is time to look again.</summary>
    private async Task RestAsync(PartitionSpread spread, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        using var timer = new PeriodicTimer(options.Value.WatchInterval, clock);
        while (places.Current == spread && clock.GetElapsedTime(began) < options.Value.StartInterval)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    private async Task<bool> TryStartAsync(PartitionSpread spread, CancellationToken cancellationToken)
    {
        try
        {
            var dictionary = await dictionaries.GetLatestAsync(cancellationToken);
            ForgetOthers(spread);
            var started = await Task.WhenAll(spread.Of(places.Self).Select(partition => TryStartAsync(partition, dictionary.Version, cancellationToken)));
            return started.All(isStarted => isStarted);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogNoDictionary(exception);
            return false;
        }
    }

    /// <summary>Whether they can start and go on is told where they belong now.</summary>
    private void ForgetOthers(PartitionSpread spread)
    {
        for (var partition = 0; partition < options.Value.Count; partition++)
        {
            if (spread.HomeOf(partition) is { } home && !home.Equals(places.Self))
            {
                health.Forget(partition, PartitionDuty.Start);
                health.Forget(partition, PartitionDuty.Apply);
            }
        }
    }

    private async Task<bool> TryStartAsync(int partition, long version, CancellationToken cancellationToken)
    {
        try
        {
            await grains.GetGrain<IPartitionGrain>(partition).AdoptDictionaryAsync(version, cancellationToken);
            health.OnWorked(partition, PartitionDuty.Start);
            return true;
        }
        catch (JournalHeldUpException)
        {
            return true; // It runs; that it cannot write is known where it is.
        }
        catch (TryAgainException exception) when (!cancellationToken.IsCancellationRequested)
        {
            // It is on its way here from another silo.
            LogNotYetStarted(exception, partition);
            return false;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Its storage or its silo is away.
            health.OnFailed(partition, PartitionDuty.Start, exception);
            return false;
        }
    }
}
