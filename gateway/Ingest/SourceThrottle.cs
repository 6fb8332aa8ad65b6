namespace Monitoring.Gateway.Ingest;

/// <summary>
/// Keeps a stream to the quota of its source by not reading on: what the source sends meanwhile stays with it, held back by the flow control
/// of its stream, and what was read is acknowledged as ever.
/// </summary>
internal sealed class SourceThrottle(IngestServices services, string source)
{
    /// <summary>So often the time that is waited is counted.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    private readonly PointBudget? _budget = services.Budgets.Of(source);

    /// <summary>Spends points that were read, and waits until more may be.</summary>
    public ValueTask WaitAsync(int points, CancellationToken cancellationToken) =>
        _budget is null || _budget.Spend(points) is not { Ticks: > 0 } wait ? ValueTask.CompletedTask : new ValueTask(PauseAsync(wait, cancellationToken));

    private async Task PauseAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        services.Metrics.OnStreamThrottled(1);
        try
        {
            while (wait > TimeSpan.Zero)
            {
                var step = wait < Step ? wait : Step;
                await Task.Delay(step, services.Clock, cancellationToken);
                services.Metrics.OnThrottled(source, step, services.Options.MaxNamedSources);
                wait -= step;
            }
        }
        finally
        {
            services.Metrics.OnStreamThrottled(-1);
        }
    }
}
