namespace Monitoring.Partitions;

/// <summary>Wakes the one loop that waits for it; used within one activation only, hence not thread-safe.</summary>
internal sealed class AsyncSignal
{
    private TaskCompletionSource _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Wakes the loop, or lets its next wait return at once.</summary>
    public void Set() => _source.TrySetResult();

    /// <summary>Waits until <see cref="Set"/> was called since the last wait.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        await _source.Task.WaitAsync(cancellationToken);
        _source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
