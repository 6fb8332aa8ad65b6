using CsCheck;
using Monitoring.Dictionary;
using Monitoring.Indicators;
using Monitoring.Infrastructure;
using Monitoring.Partitions;

namespace Monitoring.History;

public sealed class HistoryPlanTests
{
    private const long Minute = 60_000;
    private const long Hour = 60 * Minute;
    private const long Day = 24 * Hour;
    private static readonly long[] Widths = [10_000, Minute, Hour, Day];

    [Fact]
    public void Of_AnySpan_IsCoveredOnceByBucketsThatFit() => Gen.Select(
        Gen.Long[0, 5 * Day], Gen.Long[1, 5 * Day], Gen.OneOf(0L, 10_000, Minute, 5 * Minute, Hour, 7 * Hour, Day, 2 * Day), Gen.Long[0, 12 * Day]).Sample(
        (start, length, wanted, fineFrom) =>
        {
            var plan = HistoryPlan.Of(start, start + length, wanted, [.. Widths], fineFrom);

            var at = start;
            foreach (var stretch in plan)
            {
                Assert.Equal(at, stretch.Start);
                Assert.True(stretch.End > stretch.Start);
                if (stretch.Width != Widths[0])
                {
                    Assert.Equal((0, 0), (stretch.Start % stretch.Width, stretch.End % stretch.Width));
                    Assert.True(stretch.End <= fineFrom);
                    Assert.True(wanted == 0 || wanted % stretch.Width == 0);
                }

                at = stretch.End;
            }

            Assert.Equal(start + length, at);
        });

    [Fact]
    public void Of_WholeYears_ReadsDaysAndTheRestAtBothEnds()
    {
        var plan = HistoryPlan.Of((3 * Hour) + 30_000, (400 * Day) + 20_000, 0, [.. Widths], long.MaxValue);

        Assert.Equal(
            [
                new HistoryPlan((3 * Hour) + 30_000, (3 * Hour) + Minute, 10_000),
                new HistoryPlan((3 * Hour) + Minute, 4 * Hour, Minute),
                new HistoryPlan(4 * Hour, Day, Hour),
                new HistoryPlan(Day, 400 * Day, Day),
                new HistoryPlan(400 * Day, (400 * Day) + 20_000, 10_000),
            ],
            plan);
    }

    /// <summary>Whatever is stored at whatever width and still in memory: an answer holds every point once.</summary>
    [Fact]
    public void HistoryMerge_AnySplitBetweenMemoryAndStore_HoldsEveryPointOnce() => Gen.Select(
        Gen.Select(Gen.Long[0, 3 * Day], Gen.Int[-5, 5].Select(value => (double)value), Gen.Int[0, 2]).Array[0, 40],
        Gen.Select(Gen.Long[0, 3 * Day], Gen.Long[1, 3 * Day], Gen.OneOf(0L, Minute, Hour, Day)),
        Gen.Long[0, 3 * Day]).Sample((points, span, memoryFrom) =>
        {
            // 0 is stored; 1 came since and is an addition to what left memory; of 2 the whole bucket is in memory.
            var stored = points.Where(point => point.Item3 != 1).ToList();
            var behind = points.Where(point => point.Item3 == 1 && Bucket(point.Item1, Minute) < Bucket(memoryFrom, Minute)).ToList();
            var recent = points.Where(point => Bucket(point.Item1, Minute) >= Bucket(memoryFrom, Minute)).ToList();
            var inMemory = Rows(behind, isAddition: true).Concat(Rows(recent, isAddition: false));
            var (start, length, width) = span;
            var from = width == 0 ? Bucket(start, Minute) : Bucket(start, width);
            var query = new HistoryQuery { Key = Sample.Node, Start = from, End = from + length, Resolution = width };
            var merge = new HistoryMerge(query, [Minute, Hour, Day], [.. inMemory.Where(row => row.Start >= from && row.Start < from + length)]);

            foreach (var stretch in merge.Plan)
            {
                merge.Add(stretch, [.. Buckets(stored, stretch.Width).Where(bucket => bucket.Start >= stretch.Start && bucket.Start < stretch.End)]);
            }

            var expected = points.Where(point => Bucket(point.Item1, Minute) >= from && Bucket(point.Item1, Minute) < from + length)
                .GroupBy(point => width == 0 ? from : Bucket(point.Item1, width)).OrderBy(bucket => bucket.Key)
                .Select(bucket => (bucket.Key, bucket.Count(), bucket.Sum(point => point.Item2)));
            Assert.Equal(expected, merge.ToBuckets().Select(bucket => (bucket.Start, (int)bucket.Aggregate.Count, bucket.Aggregate.Sum)));
        });

    [Theory]
    [InlineData(1_000, 60_000, 3_600_000, 86_400_000)]
    [InlineData(60_000, 3_600_000, 86_400_000)]
    [InlineData(1_280, 86_400_000)]
    [InlineData(86_400_000)]
    public void BucketLadder_Rolling_HasTheMultiplesOfTheResolution(int resolution, params int[] coarse)
    {
        var definition = Sample.Indicator(Sample.Rolling(TimeSpan.FromDays(1)), TimeSpan.FromMilliseconds(resolution));

        Assert.Equal(coarse.Select(width => (long)width), BucketLadder.Of(definition));
        Assert.Equal([resolution, .. coarse.Select(width => (long)width)], BucketLadder.ReadableOf(definition));
    }

    [Fact]
    public void BucketLadder_KeepFrom_NeverTakesWhatLatenessOrPeriodNeeds() => Gen.Select(
        Gen.OneOf(Widths), Gen.Long[1, 400], Gen.Long[1, 60], Gen.Long[0, 100_000]).Sample((width, latenessDays, periodDays, nowDays) =>
        {
            var definition = Sample.Indicator(Sample.Rolling(TimeSpan.FromDays(periodDays)), TimeSpan.FromSeconds(10)) with
            {
                Lateness = TimeSpan.FromDays(latenessDays),
            };
            var now = (nowDays * Day) + 12_345;

            var from = BucketLadder.KeepFrom(definition, width, now, new HistoryOptions());

            Assert.Equal(0, from % Day);
            var needed = Math.Max(Math.Max(latenessDays, periodDays), width switch { < Hour => 35, < Day => 400, _ => 3_650 });
            Assert.InRange(from, Math.Max(0, now - ((needed + 2) * Day)), Math.Max(0, now - (needed * Day)));
        });

    [Theory]
    [InlineData(PeriodKind.Day, 90)]
    [InlineData(PeriodKind.Year, 400)]
    [InlineData(PeriodKind.Life, long.MaxValue)]
    public void BucketLadder_KeepFrom_LeavesTheDaysThatCorrectionsNeed(PeriodKind kind, long days)
    {
        const long now = 20_000 * Day;
        var definition = Sample.Indicator(Sample.Day("UTC"), TimeSpan.FromMinutes(1)) with { MorePeriods = [Sample.Of(kind)] };
        var options = new HistoryOptions { DayRetention = TimeSpan.FromDays(90) };

        Assert.Equal(days == long.MaxValue ? 0 : now - ((days + 1) * Day), BucketLadder.KeepFrom(definition, BucketRow.DayResolution, now, options));
    }

    private static long Bucket(long time, long width) => time - (time % width);

    private static IEnumerable<Bucket> Buckets(IEnumerable<(long, double, int)> points, long width) =>
        points.GroupBy(point => Bucket(point.Item1, width)).OrderBy(bucket => bucket.Key).Select(bucket => new Bucket
        {
            Start = bucket.Key,
            Aggregate = bucket.Aggregate(default(Aggregate), (sum, point) => Aggregate.Merge(sum, new Aggregate(point.Item1, point.Item2))),
        });

    private static IEnumerable<BucketRow> Rows(IEnumerable<(long, double, int)> points, bool isAddition) =>
        Buckets(points, Minute).Select(bucket => new BucketRow { Resolution = Minute, Start = bucket.Start, Aggregate = bucket.Aggregate, IsAddition = isAddition });
}
