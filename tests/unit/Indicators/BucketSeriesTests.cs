using CsCheck;

namespace Monitoring.Indicators;

public sealed class BucketSeriesTests
{
    private const long Width = 10;

    private enum Kind
    {
        Add,
        Advance,
        Store,
        Restart,
    }

    private static readonly Gen<(Kind Kind, int Bucket)> GenStep = Gen.Select(
        Gen.Frequency((8, Gen.Const(Kind.Add)), (2, Gen.Const(Kind.Advance)), (2, Gen.Const(Kind.Store)), (1, Gen.Const(Kind.Restart))),
        Gen.Int[0, 12]);

    [Fact]
    public void Series_WhateverArrivesInWhateverOrder_IsStoredOnceAndCountsInItsBucket() =>
        GenStep.Array[0, 80].Sample(steps =>
        {
            var series = new BucketSeries(Width);
            var all = new List<(long Start, long Time)>();
            var store = new Dictionary<long, Aggregate>();
            var (keepFrom, time) = (0L, 0L);
            foreach (var (kind, bucket) in steps)
            {
                switch (kind)
                {
                    case Kind.Add:
                        series.Add(bucket * Width, new Aggregate(++time, 1), keepFrom);
                        all.Add((bucket * Width, time));
                        break;
                    case Kind.Advance:
                        keepFrom = Math.Max(keepFrom, bucket * Width);
                        break;
                    case Kind.Store:
                        Store(series, store, keepFrom);
                        break;
                    case Kind.Restart:
                        Store(series, store, keepFrom);
                        series = new BucketSeries(Width);
                        foreach (var (start, aggregate) in store.Where(stored => stored.Key >= keepFrom))
                        {
                            series.Restore(start, aggregate);
                        }

                        break;
                }

                var (from, until) = (Math.Max(keepFrom, bucket * Width), 10 * Width);
                Assert.Equal(all.Count(point => point.Start >= from && point.Start < until), series.Total(from, until).Count);
                Assert.Equal(
                    all.Where(point => point.Start >= from).Select(point => point.Start).Append(long.MaxValue).Min(),
                    series.OldestFrom(from));
            }

            Store(series, store, long.MaxValue);
            Assert.Equal(0, series.Count);
            Assert.Equal(
                all.GroupBy(point => point.Start).OrderBy(group => group.Key).Select(group => (group.Key, group.Count(), group.Min(point => point.Time), group.Max(point => point.Time))),
                store.OrderBy(stored => stored.Key).Select(stored => (stored.Key, (int)stored.Value.Count, stored.Value.FirstTime, stored.Value.LastTime)));
        });

    [Fact]
    public void TakeChanged_NothingChangedSince_IsEmpty()
    {
        var series = new BucketSeries(Width);
        series.Add(0, new Aggregate(1, 1), keepFrom: 0);
        var rows = new List<BucketRow>();
        series.TakeChanged(rows, keepFrom: 0);
        rows.Clear();

        series.TakeChanged(rows, keepFrom: 0);

        Assert.Empty(rows);
        Assert.Equal(1, series.Count);
    }

    private static void Store(BucketSeries series, Dictionary<long, Aggregate> store, long keepFrom)
    {
        var rows = new List<BucketRow>();
        series.TakeChanged(rows, keepFrom);
        Assert.Equal(rows.Select(row => row.Start).Distinct().Order(), rows.Select(row => row.Start));
        foreach (var row in rows)
        {
            Assert.Equal(Width, row.Resolution);
            store[row.Start] = row.IsAddition ? Aggregate.Merge(store.GetValueOrDefault(row.Start), row.Aggregate) : row.Aggregate;
        }
    }
}
