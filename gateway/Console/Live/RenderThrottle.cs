namespace Monitoring.Gateway.Console.Live;

/// <summary>
/// Runs an action at most once per interval, however often it is asked for, and never forgets the last request. Thread-safe; the
/// action runs on a timer's thread.
/// </summary>
internal sealed class RenderThrottle : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly TimeSpan _interval;
    private readonly Action _action;
    private readonly ITimer _timer;
    private long? _lastRun;
    private bool _isWaiting;
    private bool _isDisposed;

    public RenderThrottle(TimeProvider clock, TimeSpan interval, Action action)
    {
        (_clock, _interval, _action) = (clock, interval, action);
        _timer = clock.CreateTimer(_ => Run(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Asks for a run: at once when the last one is long enough ago, else when it will be.</summary>
    public void Request()
    {
        lock (_gate)
        {
            if (_isWaiting || _isDisposed)
            {
                return;
            }

            _isWaiting = true;
            var wait = _lastRun is { } last ? _interval - _clock.GetElapsedTime(last) : TimeSpan.Zero;
            _timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
        }

        _timer.Dispose();
    }

    private void Run()
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _isWaiting = false;
            _lastRun = _clock.GetTimestamp();
        }

        _action();
    }
}
