using System.Collections.Concurrent;

namespace Monitoring.Partitions;

/// <summary>
/// The partitions that are active in this silo. They take their last checkpoint while their nodes are still active, hence before the silo
/// begins to stop.
/// </summary>
internal sealed class LocalPartitions
{
    private readonly ConcurrentDictionary<object, Task> _closings = new();
    private readonly TaskCompletionSource _stopping = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when every partition must close.</summary>
    public Task Stopping => _stopping.Task;

    /// <summary>Adds an activation.</summary>
    /// <param name="activation">Which.</param>
    /// <param name="closing">Completes when it has closed.</param>
    public void Add(object activation, Task closing) => _closings[activation] = closing;

    public void Remove(object activation) => _closings.TryRemove(activation, out _);

    /// <summary>Asks every partition to close, and waits until all have; false when the time was too short for that.</summary>
    public async Task<bool> StopAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return _closings.IsEmpty; // Whoever leaves no time wants no farewell.
        }

        _stopping.TrySetResult();
        var closed = Task.WhenAll(_closings.Values);
        await Task.WhenAny(closed, Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken));
        return closed.IsCompletedSuccessfully;
    }
}
