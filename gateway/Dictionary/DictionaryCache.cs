using Monitoring.Dictionary;

namespace Monitoring.Gateway.Dictionary;

/// <summary>The dictionary in force, as this process knows it.</summary>
internal sealed class DictionaryCache
{
    /// <summary>The newest known dictionary.</summary>
    public DictionarySnapshot Current { get; } = DictionarySnapshot.Empty;

    /// <summary>Waits for a dictionary newer than a known version.</summary>
    public async Task<DictionarySnapshot> WaitForChangeAsync(long knownVersion, CancellationToken cancellationToken)
    {
        if (Current.Version <= knownVersion)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }

        return Current;
    }
}
