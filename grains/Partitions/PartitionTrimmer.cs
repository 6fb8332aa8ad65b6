using Monitoring.LatePoints;

namespace Monitoring.Partitions;

/// <summary>
/// Lets go what was kept long enough, in bounded steps behind checkpoints. Measures age by the journal's time, so that a wrong clock of one
/// machine lets nothing go early. Not part of what a replay repeats: it touches only what nothing depends on any more.
/// </summary>
internal sealed class PartitionTrimmer(
    int partition, long epoch, ILateStore late, HistoryOptions options, PartitionMetrics metrics)
{
    private long _lastAt = long.MinValue;

    /// <summary>Completes when nothing is being let go; never fails.</summary>
    public Task Running { get; private set; } = Task.CompletedTask;

    /// <summary>Starts a step, unless one is under way or was made a moment ago.</summary>
    /// <param name="at">Time of the last entry that is stored, milliseconds since 1970-01-01T00:00:00Z.</param>
    /// <param name="stopping">Cancelled when the activation ends.</param>
    public void Start(long at, CancellationToken stopping)
    {
        if (Running.IsCompleted && (_lastAt == long.MinValue || at - _lastAt >= options.TrimInterval.TotalMilliseconds))
        {
            _lastAt = at;
            Running = TrimAsync(at, stopping);
        }
    }

    private async Task TrimAsync(long at, CancellationToken stopping)
    {
        try
        {
            var trim = await late.TrimAsync(
                partition, epoch, at - (long)options.LateRetention.TotalMilliseconds, options.MaxLatePoints, stopping);
            metrics.OnLateExpired(trim.Expired);
            metrics.OnLateOverflowed(trim.Overflowed);
        }
        catch (Exception) when (!stopping.IsCancellationRequested)
        {
            // The edge of an own task. The storage is away or busy; the next step finds the same rows.
            metrics.OnTrimFailed();
        }
        catch (OperationCanceledException)
        {
            // The activation ends; the next one goes on.
        }
    }
}
