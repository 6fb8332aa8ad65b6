using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Monitoring.Placement;

namespace Monitoring.Partitions;

/// <summary>
/// Hands the partitions of a silo that stops to the others: once they know that it stops, so that none comes back, and before it has left
/// them, so that none waits to be missed.
/// </summary>
internal sealed partial class PartitionHandover(
    PartitionPlaces places, LocalPartitions partitions, IOptions<PartitionOptions> options, TimeProvider clock, ILogger<PartitionHandover> logger)
    : ILifecycleParticipant<ISiloLifecycle>
{
    public void Participate(ISiloLifecycle observer) =>
        observer.Subscribe(nameof(PartitionHandover), ServiceLifecycleStage.BecomeActive, _ => Task.CompletedTask, StopAsync);

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return; // Whoever leaves no time wants no farewell.
        }

        using var timeout = new CancellationTokenSource(options.Value.CloseTimeout, clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10), clock);
        while (places.IsActive && !limit.IsCancellationRequested)
        {
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }

        if (places.Current.Silos.Count > 0 && !await partitions.LeaveAsync(limit.Token))
        {
            LogNotHandedOver(partitions.All.Count);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Partitions} partitions could not be handed over in time; they start elsewhere once this silo has left")]
    private partial void LogNotHandedOver(int partitions);
}
