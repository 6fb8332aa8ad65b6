using System.Collections.Concurrent;

namespace Monitoring.Dictionary;

/// <summary>Versions of the dictionary that partitions of this silo use; each is fetched once. Bounded: the oldest are dropped.</summary>
internal sealed class DictionaryVersions(IGrainFactory grains)
{
    private const int MaxVersions = 64;
    private readonly ConcurrentDictionary<long, DictionarySnapshot> _versions = new();

    /// <summary>One version.</summary>
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

        return Keep(await grains.GetGrain<IDictionaryGrain>(IDictionaryGrain.Key).GetVersionAsync(version, cancellationToken));
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
}
