namespace Monitoring.Gateway.Ingest;

/// <summary>
/// What a source may send: so many points per second, and a burst after it sent less for a while. A batch is never divided, so it may take
/// the budget below zero; the next one waits until that is paid. Thread-safe: for a moment an old and a new stream of a source share it.
/// </summary>
/// <param name="pointsPerSecond">Points that come back per second; more than 0.</param>
/// <param name="burst">Most points that gather.</param>
/// <param name="clock">Measures the time between.</param>
internal sealed class PointBudget(int pointsPerSecond, int burst, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private double _points = burst;
    private long _at = clock.GetTimestamp();

    /// <summary>True when a new budget would be the same.</summary>
    public bool IsFull
    {
        get
        {
            lock (_gate)
            {
                Refill();
                return _points >= burst;
            }
        }
    }

    /// <summary>Spends points; returns how long to wait before the next are taken.</summary>
    public TimeSpan Spend(int points)
    {
        lock (_gate)
        {
            Refill();
            _points -= points;
            return _points >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-_points / pointsPerSecond);
        }
    }

    private void Refill()
    {
        var now = clock.GetTimestamp();
        _points = Math.Min(burst, _points + (clock.GetElapsedTime(_at, now).TotalSeconds * pointsPerSecond));
        _at = now;
    }
}
