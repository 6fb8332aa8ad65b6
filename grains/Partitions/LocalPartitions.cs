using System.Collections.Concurrent;

namespace Monitoring.Partitions;

/// <summary>The partitions that are active in this silo, and what is wanted of them. Thread-safe.</summary>
internal sealed class LocalPartitions
{
    private readonly ConcurrentDictionary<LocalPartition, int> _partitions = new();
    private volatile bool _isStopping;

    /// <summary>All that are here, with those that are about to leave.</summary>
    public ICollection<LocalPartition> All => _partitions.Keys;

    /// <summary>True once the silo is about to stop: no further partition may start here.</summary>
    public bool IsStopping => _isStopping;

    public void Add(LocalPartition partition)
    {
        _partitions[partition] = partition.Number;
        if (IsStopping)
        {
            _ = partition.CloseAsync(); // It began to start just before.
        }
    }

    public void Remove(LocalPartition partition) => _partitions.TryRemove(partition, out _);

    /// <summary>
    /// Asks every partition to close, and waits until all have; false when the time was too short for that. They take their last
    /// checkpoint while their nodes are still active, hence before the silo begins to stop.
    /// </summary>
    public async Task<bool> CloseAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return _partitions.IsEmpty; // Whoever leaves no time wants no farewell.
        }

        _isStopping = true;
        return await IsDoneAsync(Task.WhenAll(All.Select(partition => partition.CloseAsync())), cancellationToken);
    }

    /// <summary>
    /// Asks every partition to move to where it belongs now, and waits until all are on their way; false when the time was too short.
    /// </summary>
    public Task<bool> LeaveAsync(CancellationToken cancellationToken) =>
        IsDoneAsync(Task.WhenAll(All.Select(partition => partition.LeaveAsync())), cancellationToken);

    private static async Task<bool> IsDoneAsync(Task all, CancellationToken cancellationToken)
    {
        await Task.WhenAny(all, Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken));
        return all.IsCompletedSuccessfully;
    }
}

/// <summary>An activation of a partition as its silo sees it. Thread-safe.</summary>
/// <param name="number">Number of the partition.</param>
/// <param name="since">Timestamp of its start.</param>
internal sealed class LocalPartition(int number, long since)
{
    private readonly TaskCompletionSource _mustClose = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _mustLeave = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Number => number;

    public long Since => since;

    /// <summary>Completes when it must close.</summary>
    public Task MustClose => _mustClose.Task;

    /// <summary>Completes when it must move to another silo, once closed.</summary>
    public Task MustLeave => _mustLeave.Task;

    /// <summary>Asks it to close, and waits until it has: it takes nothing in any more, and what it has is stored.</summary>
    public Task CloseAsync()
    {
        _mustClose.TrySetResult();
        return _closed.Task;
    }

    /// <summary>Asks it to close and move to where it belongs, and waits until it is on its way.</summary>
    public Task LeaveAsync()
    {
        _mustLeave.TrySetResult();
        _mustClose.TrySetResult();
        return _left.Task;
    }

    public void OnClosed() => _closed.TrySetResult();

    public void OnLeft()
    {
        _closed.TrySetResult();
        _left.TrySetResult();
    }
}
