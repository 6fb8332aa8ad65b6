using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Monitoring.Dictionary;

/// <summary>Versions of the dictionary that partitions of this silo use; each is fetched once. Bounded: the oldest are dropped.</summary>
internal sealed partial class DictionaryVersions(IGrainFactory grains, ILogger<DictionaryVersions> logger)
{
    private const int MaxVersions = 64;
    private readonly ConcurrentDictionary<long, DictionarySnapshot> _versions = new();

    /// <summary>
    /// One version. Where it is no longer kept, the oldest that is: a partition that was away for so many versions must come back, and
    /// judges what it has to replay by definitions that came later, which is logged.
    /// </summary>
    public async ValueTask<DictionarySnapshot> GetAsync(long version, CancellationToken cancellationToken)
    {
        if (version == 0)
        {
            return DictionarySnapshot.Empty;
        }

        if (_versions.TryGetValue(version, out var known))
        {
            return known;
        }

        var dictionary = grains.GetGrain<IDictionaryGrain>(IDictionaryGrain.Key);
        try
        {
            return Keep(await dictionary.GetVersionAsync(version, cancellationToken));
        }
        catch (DictionaryVersionGoneException gone)
        {
            LogGone(version, gone.OldestKept);
            return Keep(await dictionary.GetVersionAsync(gone.OldestKept, cancellationToken));
        }
    }

    /// <summary>The newest version.</summary>
    public async ValueTask<DictionarySnapshot> GetLatestAsync(CancellationToken cancellationToken) =>
        Keep(await grains.GetGrain<IDictionaryGrain>(IDictionaryGrain.Key).GetAsync(cancellationToken));

    private DictionarySnapshot Keep(DictionarySnapshot snapshot)
    {
        while (_versions.Count >= MaxVersions)
        {
            _versions.TryRemove(_versions.Keys.Min(), out _);
        }

        return _versions.GetOrAdd(snapshot.Version, snapshot);
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Version {Version} of the dictionary is no longer kept: a partition replays with version {OldestKept} instead. Raise Dictionary:HistoryLength to keep more")]
    private partial void LogGone(long version, long oldestKept);
}
