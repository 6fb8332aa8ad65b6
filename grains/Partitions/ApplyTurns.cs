namespace Monitoring.Partitions;

/// <summary>
/// Lets only so many partitions of a silo call nodes at the same time. While much waits, more would not be faster: their calls would push
/// each other out of the processors' caches, and what sources send would wait behind all of them, so that rounds stayed small. While little
/// waits, there are processors to spare, and a partition that waits for its turn is only late.
/// </summary>
/// <param name="options">How many, and how much is little.</param>
/// <param name="waiting">Points that wait in all partitions of the silo.</param>
internal sealed class ApplyTurns(PartitionOptions options, Func<double> waiting)
{
    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource> _waiting = new();
    private int _held;

    /// <summary>Waits for a turn; first come, first served.</summary>
    public Task TakeAsync()
    {
        lock (_lock)
        {
            if (_waiting.Count == 0 && _held < Limit)
            {
                _held++;
                return Task.CompletedTask;
            }

            var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(mine);
            Grant();
            return mine.Task;
        }
    }

    /// <summary>Lets the next one have its turn.</summary>
    public void GiveBack()
    {
        lock (_lock)
        {
            _held--;
            Grant();
        }
    }

    private int Limit => waiting() <= options.CalmWeight ? Math.Max(options.MaxAppliers, options.MaxCalmAppliers) : options.MaxAppliers;

    private void Grant()
    {
        var limit = Limit;
        while (_held < limit && _waiting.TryDequeue(out var next))
        {
            _held++;
            next.SetResult();
        }
    }
}

/// <summary>The turn of one partition, which it takes and gives back as it needs. Used from one scheduler alone.</summary>
internal sealed class Turn(ApplyTurns turns)
{
    private bool _isHeld;
    private bool _isLong;

    /// <summary>Waits for a turn, unless it is held already.</summary>
    public async ValueTask TakeAsync()
    {
        if (!_isHeld)
        {
            await turns.TakeAsync();
            (_isHeld, _isLong) = (true, false);
        }
    }

    /// <summary>Gives the turn back, if it is held.</summary>
    public void GiveBack()
    {
        if (_isHeld)
        {
            _isHeld = false;
            turns.GiveBack();
        }
    }

    /// <summary>Gives back a turn that was held since the last call already: a node that does not answer must not hold up other partitions.</summary>
    public void GiveBackIfLong()
    {
        if (_isLong)
        {
            GiveBack();
        }

        _isLong = true;
    }
}
