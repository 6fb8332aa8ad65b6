using Monitoring.Indicators;
using Monitoring.Partitions;

namespace Monitoring.History;

/// <summary>
/// What a checkpoint does to stored buckets: additions are merged into what is stored, and coarse buckets follow their fine ones exactly. The
/// storage reads <see cref="Needed"/>, and writes what <see cref="Merge"/> gives in the same transaction. Pure but for itself.
/// </summary>
public sealed class BucketMerge
{
    private readonly IReadOnlyList<CheckpointedNode> _nodes;
    private readonly Dictionary<BucketPlace, Aggregate> _stored = [];

    /// <summary>Begins with some nodes of a checkpoint.</summary>
    public BucketMerge(IReadOnlyList<CheckpointedNode> nodes)
    {
        _nodes = nodes;
        foreach (var node in nodes)
        {
            foreach (ref readonly var row in node.Buckets.AsSpan())
            {
                var hasCoarse = false;
                foreach (var step in node.Ladder)
                {
                    if (step > row.Resolution)
                    {
                        hasCoarse = true;
                        _stored.TryAdd(BucketPlace.Of(node.Node.Number, step, row.Start), default);
                    }
                }

                if (hasCoarse || row.IsAddition)
                {
                    _stored.TryAdd(new BucketPlace(node.Node.Number, row.Resolution, row.Start), default);
                }
            }
        }
    }

    /// <summary>Places whose stored buckets matter; one without a bucket is empty.</summary>
    public IReadOnlyCollection<BucketPlace> Needed => _stored.Keys;

    /// <summary>Tells what is stored at a place.</summary>
    public void OnStored(BucketPlace place, in Aggregate aggregate) => _stored[place] = aggregate;

    /// <summary>What to write, each place once, and which coarse buckets to make anew from fine ones once that is written.</summary>
    public (List<(BucketPlace Place, Aggregate Aggregate)> Rows, List<CoarseBucket> Restated) Merge()
    {
        var rows = new List<(BucketPlace, Aggregate)>(_stored.Count);
        var coarse = new Dictionary<BucketPlace, Aggregate>();
        var restated = new Dictionary<BucketPlace, long>();
        foreach (var node in _nodes)
        {
            foreach (ref readonly var row in node.Buckets.AsSpan())
            {
                var place = new BucketPlace(node.Node.Number, row.Resolution, row.Start);
                var before = _stored.GetValueOrDefault(place);
                var after = row.IsAddition ? Aggregate.Merge(before, row.Aggregate) : row.Aggregate;
                rows.Add((place, after));
                foreach (var step in node.Ladder)
                {
                    if (step > row.Resolution)
                    {
                        Follow(BucketPlace.Of(node.Node.Number, step, row.Start), row, before, after);
                    }
                }
            }
        }

        rows.AddRange(coarse.Where(bucket => !restated.ContainsKey(bucket.Key)).Select(bucket => (bucket.Key, bucket.Value)));
        return (rows, [.. restated.Select(bucket => new CoarseBucket(bucket.Key, bucket.Value))]);

        void Follow(BucketPlace place, in BucketRow row, in Aggregate before, in Aggregate after)
        {
            var whole = coarse.TryGetValue(place, out var known) ? known : _stored.GetValueOrDefault(place);

            // An addition stays right even when its fine bucket is no longer there.
            var next = row.IsAddition ? Aggregate.Merge(whole, row.Aggregate) : CoarseAggregate.Replace(whole, before, after);
            if (next is { } aggregate)
            {
                coarse[place] = aggregate;
            }
            else
            {
                restated[place] = row.Resolution;
            }
        }
    }
}

/// <summary>Where a bucket is stored.</summary>
/// <param name="Number">Number of its node within the partition.</param>
/// <param name="Resolution">Width in milliseconds.</param>
/// <param name="Start">Start, milliseconds since 1970-01-01T00:00:00Z.</param>
public readonly record struct BucketPlace(int Number, long Resolution, long Start)
{
    /// <summary>The bucket of a width that holds a time.</summary>
    public static BucketPlace Of(int number, long resolution, long time) => new(number, resolution, PeriodWindow.BucketStart(time, resolution));
}

/// <summary>A coarse bucket that is to be made anew: the merge of all fine ones that start within it.</summary>
/// <param name="Place">Where it is.</param>
/// <param name="FineResolution">Width of the fine buckets in milliseconds.</param>
public readonly record struct CoarseBucket(BucketPlace Place, long FineResolution);
