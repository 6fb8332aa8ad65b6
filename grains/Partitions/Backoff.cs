namespace Monitoring.Partitions;

/// <summary>Pauses between attempts, each twice as long as the one before up to a limit.</summary>
internal sealed class Backoff(TimeProvider clock, PartitionOptions options)
{
    private TimeSpan _next = options.RetryDelay;

    public async Task PauseAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(_next, clock, cancellationToken);
        _next = _next * 2 < options.MaxRetryDelay ? _next * 2 : options.MaxRetryDelay;
    }
}
