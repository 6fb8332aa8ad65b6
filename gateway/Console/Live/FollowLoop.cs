namespace Monitoring.Gateway.Console.Live;

/// <summary>
/// Follows a stream for as long as a component lives: begins again after a failure, with growing pauses, and when it is asked to.
/// Runs on the synchronization context it is started from, so what it calls needs no locks there.
/// </summary>
internal sealed class FollowLoop(TimeProvider clock, ConsoleOptions options) : IAsyncDisposable
{
    private CancellationTokenSource? _run;
    private Task _running = Task.CompletedTask;

    /// <summary>Cancels what runs, if anything, and follows anew.</summary>
    /// <param name="follow">Follows until cancelled; calls its argument whenever something arrived.</param>
    /// <param name="onInterrupted">Called with true when the stream broke and with false when something arrives again.</param>
    public void Restart(Func<Action, CancellationToken, Task> follow, Action<bool> onInterrupted)
    {
        _run?.Cancel();
        _run?.Dispose();
        _run = new CancellationTokenSource();
        _running = RunAsync(_running, follow, onInterrupted, _run.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (_run is not null)
        {
            await _run.CancelAsync();
            await _running;
            _run.Dispose();
            _run = null;
        }
    }

    private async Task RunAsync(
        Task previous, Func<Action, CancellationToken, Task> follow, Action<bool> onInterrupted, CancellationToken cancellationToken)
    {
        // The cancelled run ends before this one begins, so that its last items cannot mix in.
        await previous;
        var failures = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await follow(OnArrived, cancellationToken);
                failures++;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception) when (!cancellationToken.IsCancellationRequested)
            {
                // Whatever broke it, the visitor sees a banner and the stream is opened again: a screen must outlive its server.
                failures++;
            }

            onInterrupted(true);
            await Task.Delay(options.Backoff(failures), clock, cancellationToken).ContinueWith(
                _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        void OnArrived()
        {
            if (failures > 0)
            {
                failures = 0;
                onInterrupted(false);
            }
        }
    }
}
