namespace Monitoring.Partitions;

/// <summary>
/// Lets only so many partitions of a silo call nodes at the same time. More would not be faster: their calls would push each other out of
/// the processors' caches, and what sources send would wait behind all of them, so that rounds stayed small.
/// </summary>
/// <param name="count">Partitions at the same time.</param>
internal sealed class ApplyTurns(int count) : IDisposable
{
    private readonly SemaphoreSlim _free = new(count);

    /// <summary>Waits for a turn; first come, first served.</summary>
    public Task TakeAsync() => _free.WaitAsync();

    /// <summary>Lets the next one have its turn.</summary>
    public void GiveBack() => _free.Release();

    public void Dispose() => _free.Dispose();
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
