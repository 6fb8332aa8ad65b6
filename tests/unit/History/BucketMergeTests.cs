using CsCheck;
using Monitoring.Indicators;
using Monitoring.Infrastructure;
using Monitoring.Partitions;

namespace Monitoring.History;

public sealed class BucketMergeTests
{
    private const long Second = 1_000;
    private const long Hour = 3_600 * Second;
    private static readonly long Begin = new DateTimeOffset(2026, 3, 7, 22, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private static readonly Gen<(long Offset, double Value)[][]> GenCheckpoints = Gen.Select(
        Gen.OneOf(Gen.Long[0, 5 * 60 * Second], Gen.Long[0, 4 * Hour], Gen.Long[-30 * Hour, 0]),
        Gen.OneOf(Gen.Int[-3, 9].Select(value => (double)value), Gen.Double[-1e9, 1e9])).Array[0, 12].Array[1, 8];

    /// <summary>Whatever a node stores, checkpoint by checkpoint, each coarse bucket holds what its points make.</summary>
    [Fact]
    public void Merge_AnyCheckpoints_KeepsCoarseBucketsEqualToTheirPoints() => GenCheckpoints.Sample(checkpoints =>
    {
        var definition = Sample.Indicator(Sample.Rolling(TimeSpan.FromMinutes(5)), TimeSpan.FromSeconds(10));
        var state = new NodeState(definition, new NodeRecord { Clock = Begin + (5 * 60 * Second) }, Sample.Image());
        var stored = new Dictionary<BucketPlace, Aggregate>();
        var points = new List<(long Time, double Value)>();
        foreach (var checkpoint in checkpoints)
        {
            foreach (var (offset, value) in checkpoint)
            {
                points.Add((Begin + offset, value));
                state.Add(definition, new BucketDelta
                {
                    Start = PeriodWindow.BucketStart(Begin + offset, 10 * Second),
                    Added = new Aggregate(Begin + offset, value),
                });
            }

            Store(stored, new CheckpointedNode(new StoredNode(3, Sample.Node, 1, 0, 0), [1], state.TakeChanged(definition)) { Ladder = BucketLadder.Of(definition) });
        }

        foreach (var width in new[] { 10 * Second, 60 * Second, Hour, 24 * Hour })
        {
            var expected = points.GroupBy(point => PeriodWindow.BucketStart(point.Time, width)).ToDictionary(bucket => bucket.Key);
            Assert.Equal(expected.Keys.Order(), stored.Keys.Where(place => place.Resolution == width).Select(place => place.Start).Order());
            foreach (var (start, bucket) in expected)
            {
                AssertSame([.. bucket], stored[new BucketPlace(3, width, start)]);
            }
        }
    });

    /// <summary>Fine buckets that lose points, as corrections make them, leave coarse ones right too.</summary>
    [Fact]
    public void Merge_BucketsAreRestated_KeepsCoarseBucketsEqualToTheirFineOnes() => Gen.Select(
        Gen.Int[0, 40], Gen.Select(Gen.Long[0, 9 * Second], Gen.Int[-5, 5].Select(value => (double)value)).Array[1, 4]).Array[1, 30].Sample(steps =>
    {
        var stored = new Dictionary<BucketPlace, Aggregate>();
        foreach (var (bucket, points) in steps)
        {
            var start = Begin + (bucket * 10 * Second);
            var row = new BucketRow
            {
                Resolution = 10 * Second,
                Start = start,
                Aggregate = points.Aggregate(default(Aggregate), (sum, point) => Aggregate.Merge(sum, new Aggregate(start + point.Item1, point.Item2))),
                IsAddition = false,
            };
            Store(stored, new CheckpointedNode(new StoredNode(3, Sample.Node, 1, 0, 0), [1], [row]) { Ladder = [60 * Second, Hour] });
        }

        foreach (var (place, aggregate) in stored.Where(bucket => bucket.Key.Resolution > 10 * Second))
        {
            var whole = stored.Where(fine => fine.Key.Resolution == 10 * Second && PeriodWindow.BucketStart(fine.Key.Start, place.Resolution) == place.Start)
                .Aggregate(default(Aggregate), (sum, fine) => Aggregate.Merge(sum, fine.Value));
            Assert.Equal(
                (whole.Count, whole.Sum, whole.Min, whole.Max, whole.First, whole.FirstTime, whole.Last, whole.LastTime),
                (aggregate.Count, aggregate.Sum, aggregate.Min, aggregate.Max, aggregate.First, aggregate.FirstTime, aggregate.Last, aggregate.LastTime));
        }
    });

    [Fact]
    public void Merge_CalendarDays_HaveNoCoarserOnes()
    {
        var definition = Sample.Indicator(Sample.Day("Asia/Tokyo"), TimeSpan.FromMinutes(15));
        var day = new BucketRow { Resolution = BucketRow.DayResolution, Start = Begin, Aggregate = new Aggregate(Begin, 1), IsAddition = false };

        var (rows, restated) = new BucketMerge([new CheckpointedNode(default, null, [day]) { Ladder = BucketLadder.Of(definition) }]).Merge();

        Assert.Equal([Hour], BucketLadder.Of(definition));
        Assert.Single(rows);
        Assert.Empty(restated);
    }

    private static void Store(Dictionary<BucketPlace, Aggregate> stored, CheckpointedNode node)
    {
        var merge = new BucketMerge([node]);
        foreach (var place in merge.Needed.Where(stored.ContainsKey).ToList())
        {
            merge.OnStored(place, stored[place]);
        }

        var (rows, restated) = merge.Merge();
        Assert.Equal(rows.Count, rows.DistinctBy(row => row.Place).Count());
        rows.ForEach(row => stored[row.Place] = row.Aggregate);
        foreach (var bucket in restated)
        {
            stored[bucket.Place] = stored
                .Where(fine => fine.Key.Resolution == bucket.FineResolution
                    && fine.Key.Start >= bucket.Place.Start && fine.Key.Start < bucket.Place.Start + bucket.Place.Resolution)
                .OrderBy(fine => fine.Key.Start)
                .Aggregate(default(Aggregate), (sum, fine) => Aggregate.Merge(sum, fine.Value));
        }
    }

    private static void AssertSame(List<(long Time, double Value)> points, in Aggregate actual)
    {
        var ordered = points.OrderBy(point => point.Time).ThenBy(point => point.Value).ToList();
        Assert.Equal(
            (points.Count, points.Min(point => point.Value), points.Max(point => point.Value), ordered[0].Value, ordered[^1].Value),
            ((int)actual.Count, actual.Min, actual.Max, actual.First, actual.Last));
        var sum = points.Sum(point => (decimal)point.Value);
        Assert.Equal((double)sum, actual.Sum, 1e-9 * (1 + points.Sum(point => Math.Abs(point.Value))));
    }
}
