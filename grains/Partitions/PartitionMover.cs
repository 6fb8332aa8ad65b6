using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Monitoring.Placement;

namespace Monitoring.Partitions;

/// <summary>
/// Sends partitions that belong to another silo there: a few at a time, and not before the cluster has settled. Each stores what it has
/// and refuses more until it is active again; senders repeat.
/// </summary>
internal sealed partial class PartitionMover(
    PartitionPlaces places, LocalPartitions partitions, IOptions<PartitionOptions> options, TimeProvider clock, PlacementMetrics metrics,
    ILogger<PartitionMover> logger)
    : BackgroundService
{
    private readonly HashSet<LocalPartition> _moving = [];
    private readonly MoveRule _rule = new(options.Value.SettleTime, options.Value.MaxSettleTime);
    private readonly long _began = clock.GetTimestamp();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.WatchInterval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            Look();
        }
    }

    private void Look()
    {
        var present = partitions.All;
        metrics.OnPartitions(present.Count);
        _moving.RemoveWhere(partition => partition.LeaveAsync().IsCompleted);
        var (spread, now) = (places.Current, clock.GetElapsedTime(_began));
        _rule.Look(spread, now);
        foreach (var partition in present)
        {
            if (_moving.Count < options.Value.MaxMoves
                && spread.HomeOf(partition.Number) is { } home && !home.Equals(places.Self)
                && _rule.MayMove(clock.GetElapsedTime(_began, partition.Since), now)
                && _moving.Add(partition))
            {
                LogMoving(partition.Number, home);
                _ = MoveAsync(partition);
            }
        }
    }

    private async Task MoveAsync(LocalPartition partition)
    {
        var began = clock.GetTimestamp();
        await partition.LeaveAsync();
        metrics.OnMoved(clock.GetElapsedTime(began));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Partition {Partition} moves to {Silo}")]
    private partial void LogMoving(int partition, SiloAddress silo);
}
