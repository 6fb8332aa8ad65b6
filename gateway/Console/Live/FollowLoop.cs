namespace Monitoring.Gateway.Console.Live;

/// <summary>
/// Follows a stream for as long as a component lives: begins again after a failure, with growing pauses, and when it is asked to.
/// Runs on the synchronization context it is started from, so what it calls needs no locks there.
/// </summary>
/// <param name="clock">The time.</param>
/// <param name="options">How long the pauses are.</param>
/// <param name="onChanged">Is called when <see cref="IsInterrupted"/> changed.</param>
internal sealed class FollowLoop(TimeProvider clock, ConsoleOptions options, Action onChanged) : IAsyncDisposable
{
    private CancellationTokenSource? _run;
    private Task _running = Task.CompletedTask;
    private bool _isDisposed;

    /// <summary>True from when the stream broke until something arrives again.</summary>
    public bool IsInterrupted { get; private set; }

    /// <summary>Cancels what runs, if anything, and follows anew; once disposed it follows nothing more.</summary>
    /// <param name="follow">Follows until cancelled; calls its argument whenever something arrived.</param>
    public void Restart(Func<Action, CancellationToken, Task> follow)
    {
        if (_isDisposed)
        {
            return;
        }

        _run?.Cancel();
        _run?.Dispose();
        _run = new CancellationTokenSource();
        _running = RunAsync(_running, follow, _run.Token);
    }

    public async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        if (_run is not null)
        {
            await _run.CancelAsync();
            await _running;
            _run.Dispose();
            _run = null;
        }
    }

    private async Task RunAsync(Task previous, Func<Action, CancellationToken, Task> follow, CancellationToken cancellationToken)
    {
        // The cancelled run ends before this one begins, so that its last items cannot mix in.
        await previous;
        var failures = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await follow(OnArrived, cancellationToken);
            }
            catch (Exception)
            {
                // Whatever broke it, the visitor sees a banner and the stream is opened again: a screen must outlive its server. When it
                // was cancelled, what was under way may end by what cut it off instead of by the cancellation.
            }

            if (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            failures++;
            Tell(isInterrupted: true);
            await Task.Delay(options.Backoff(failures), clock, cancellationToken).ContinueWith(
                _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        void OnArrived()
        {
            failures = 0;
            Tell(isInterrupted: false);
        }
    }

    private void Tell(bool isInterrupted)
    {
        if (IsInterrupted != isInterrupted)
        {
            IsInterrupted = isInterrupted;
            onChanged();
        }
    }
}
