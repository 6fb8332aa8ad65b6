using Monitoring.Indicators;

namespace Monitoring.Partitions;

/// <summary>
/// Stored history that entries restate. It is read once and kept until a checkpoint may change it, because the ancestors of corrected points
/// are restated by nearly every entry, and need whole days and years.
/// </summary>
/// <param name="load">Reads from storage, in the order asked for.</param>
/// <param name="limit">Buckets and chunks to keep; beyond it everything is forgotten.</param>
internal sealed class RestatedHistory(Func<IReadOnlyList<HistoryLoad>, Task<NodeHistory[]>> load, int limit)
{
    private readonly Dictionary<(int Number, HistorySpan Part), NodeHistory> _parts = [];
    private int _size;

    /// <summary>What is stored is about to change.</summary>
    public void Forget()
    {
        _parts.Clear();
        _size = 0;
    }

    /// <summary>History of nodes, in the order asked for.</summary>
    public async Task<NodeHistory[]> ReadAsync(IReadOnlyList<HistoryLoad> loads)
    {
        if (_size > limit)
        {
            Forget();
        }

        var missing = new HashSet<(int Number, HistorySpan Part)>();
        var asked = new List<HistoryLoad>();
        foreach (var wanted in loads)
        {
            foreach (var part in wanted.Spans.SelectMany(PartsOf))
            {
                if (!_parts.ContainsKey((wanted.Number, part)) && missing.Add((wanted.Number, part)))
                {
                    asked.Add(wanted with { Spans = [part] });
                }
            }
        }

        var found = asked.Count == 0 ? [] : await load(asked);
        for (var index = 0; index < found.Length; index++)
        {
            _parts.Add((asked[index].Number, asked[index].Spans[0]), found[index]);
            _size += found[index].Buckets.Length + found[index].Chunks.Length + 1;
        }

        return [.. loads.Select(Join)];
    }

    /// <summary>The buckets, which other spans of the same day share, the days, which those of the same year share, and the raw points.</summary>
    private static IEnumerable<HistorySpan> PartsOf(HistorySpan span)
    {
        yield return new HistorySpan { BucketsFrom = span.BucketsFrom, BucketsUntil = span.BucketsUntil };
        yield return new HistorySpan { DaysFrom = span.DaysFrom, DaysUntil = span.DaysUntil };
        yield return new HistorySpan { RawFrom = span.RawFrom, RawUntil = span.RawUntil };
    }

    private NodeHistory Join(HistoryLoad wanted)
    {
        var parts = wanted.Spans.SelectMany(PartsOf).Distinct().Select(part => _parts[(wanted.Number, part)]).ToList();
        return new NodeHistory
        {
            Buckets = Join(parts.Select(part => part.Buckets), row => (row.Resolution, row.Start)),
            Chunks = Join(parts.Select(part => part.Chunks), chunk => chunk.Sequence),
        };
    }

    private static T[] Join<T, TKey>(IEnumerable<T[]> parts, Func<T, TKey> keyOf)
    {
        var filled = parts.Where(part => part.Length > 0).ToList();
        return filled.Count switch
        {
            0 => [],
            1 => filled[0],
            _ => [.. filled.SelectMany(part => part).DistinctBy(keyOf).OrderBy(keyOf)],
        };
    }
}
