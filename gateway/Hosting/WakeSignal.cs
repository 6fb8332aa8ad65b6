namespace Monitoring.Gateway.Hosting;

/// <summary>
/// Wakes the one loop that waits for it; any thread may set it. The loop looks at its state after each wait, so several settings in
/// a row wake it once.
/// </summary>
internal sealed class WakeSignal
{
    private TaskCompletionSource _source = Create();

    /// <summary>Wakes the loop, or lets its next wait return at once.</summary>
    public void Set() => Volatile.Read(ref _source).TrySetResult();

    /// <summary>Waits until <see cref="Set"/> was called since the last wait.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        await _source.Task.WaitAsync(cancellationToken);
        Volatile.Write(ref _source, Create());
    }

    /// <summary>The same, for a limited time.</summary>
    /// <returns>False when the time was over first.</returns>
    public async Task<bool> WaitAsync(TimeSpan timeout, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (timeout > TimeSpan.Zero)
        {
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var delay = Task.Delay(timeout, clock, ending.Token);
            await Task.WhenAny(_source.Task, delay);
            await ending.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
        }

        if (!_source.Task.IsCompleted)
        {
            return false;
        }

        Volatile.Write(ref _source, Create());
        return true;
    }

    private static TaskCompletionSource Create() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
