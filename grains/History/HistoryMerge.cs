using System.Collections.Immutable;
using Monitoring.Indicators;
using Monitoring.Partitions;

namespace Monitoring.History;

/// <summary>
/// Puts the answer to a question about a node's history together from stored buckets and those in memory, both as of one checkpoint.
/// </summary>
internal sealed class HistoryMerge
{
    private readonly HistoryQuery _query;
    private readonly long _resolution;
    private readonly Dictionary<long, Aggregate> _inMemory = [];
    private readonly SortedDictionary<long, Aggregate> _merged = [];

    /// <summary>Begins with what is in memory.</summary>
    /// <param name="query">What is asked for.</param>
    /// <param name="widths">Widths that are stored, ascending, the indicator's resolution first.</param>
    /// <param name="inMemory">Buckets of the indicator's resolution in memory that start within the span.</param>
    public HistoryMerge(HistoryQuery query, ImmutableArray<long> widths, BucketRow[] inMemory)
    {
        (_query, _resolution) = (query, widths[0]);
        var fineFrom = long.MaxValue;
        foreach (ref readonly var row in inMemory.AsSpan())
        {
            if (row.IsAddition)
            {
                // Whatever is stored, at whatever width, lacks it.
                Add(row.Start, row.Aggregate);
            }
            else
            {
                // The stored bucket, and every coarse one it is in, may lag behind.
                _inMemory[row.Start] = row.Aggregate;
                fineFrom = Math.Min(fineFrom, row.Start);
                Add(row.Start, row.Aggregate);
            }
        }

        Plan = HistoryPlan.Of(query.Start, query.End, query.Resolution, widths, fineFrom);
    }

    /// <summary>What to read of the store.</summary>
    public ImmutableArray<HistoryPlan> Plan { get; }

    /// <summary>Adds stored buckets of a stretch.</summary>
    public void Add(HistoryPlan stretch, IReadOnlyList<Bucket> stored)
    {
        foreach (var bucket in stored)
        {
            if (stretch.Width != _resolution || !_inMemory.ContainsKey(bucket.Start))
            {
                Add(bucket.Start, bucket.Aggregate);
            }
        }
    }

    /// <summary>The answer, oldest first, without empty buckets.</summary>
    public ImmutableArray<Bucket> ToBuckets() => [.. _merged.Select(bucket => new Bucket { Start = bucket.Key, Aggregate = bucket.Value })];

    private void Add(long start, in Aggregate aggregate)
    {
        var wideStart = _query.Resolution == 0 ? _query.Start : PeriodWindow.BucketStart(start, _query.Resolution);
        _merged[wideStart] = Aggregate.Merge(_merged.GetValueOrDefault(wideStart), aggregate);
    }
}
