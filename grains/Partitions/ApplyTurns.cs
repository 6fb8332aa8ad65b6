namespace Monitoring.Partitions;

/// <summary>
/// Lets only as many partitions of a silo call nodes at the same time as there are processors. More would not be faster: their calls would
/// push each other out of the processors' caches, and what sources send would wait behind all of them.
/// </summary>
/// <param name="count">Partitions at the same time.</param>
internal sealed class ApplyTurns(int count) : IDisposable
{
    private readonly SemaphoreSlim _free = new(count);

    /// <summary>Waits for a turn, first come, first served; disposing of it gives it to the next.</summary>
    public async ValueTask<Turn> TakeAsync()
    {
        await _free.WaitAsync();
        return new Turn(_free);
    }

    public void Dispose() => _free.Dispose();

    /// <summary>A turn.</summary>
    internal readonly struct Turn(SemaphoreSlim? free) : IDisposable
    {
        public void Dispose() => free?.Release();
    }
}
