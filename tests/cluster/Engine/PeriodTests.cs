using System.Collections.Immutable;
using Monitoring.Calendars;
using Monitoring.ClusterTests.Storage;
using Monitoring.Dictionary;
using Monitoring.Indicators;
using Monitoring.Partitions;

namespace Monitoring.ClusterTests.Engine;

/// <summary>Every period of a calendar is what its points say, at every level, also when it came into the dictionary later.</summary>
public sealed class PeriodTests
{
    private const string Code = "till.sales";
    private const long Day = 86_400_000;
    private static readonly long Now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    private static readonly CalendarDefinition Calendar = CalendarDefinition.Plain("Asia/Shanghai") with
    {
        Id = "shop",
        DayStart = new TimeSpan(2, 30, 0),
        WeekStart = DayOfWeek.Sunday,
        YearStartMonth = 4,
    };

    private static readonly ImmutableArray<Period> Long =
        [.. new[] { PeriodKind.Week, PeriodKind.Month, PeriodKind.Quarter, PeriodKind.Year, PeriodKind.Life }.Select(kind => new Period { Kind = kind })];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Periods_AddedToADictionaryWithHistory_HoldWhatIsStored(bool inPostgreSql)
    {
        await using var cluster = await EngineCluster.StartAsync(storage: inPostgreSql ? new PostgreSqlStorage() : new SqliteFolder());
        var version = await cluster.ApplyAsync(Content(Calendar, []));
        var (source, random, points) = (new TestSource(cluster, "till"), new Random(11), new List<TestPoint>());
        await SendAsync(version);
        await cluster.SettleAsync();

        version = await cluster.ApplyAsync(Content(Calendar, Long));
        await cluster.SettleAsync();
        await AssertPeriodsAsync(cluster, Calendar, points);

        await SendAsync(version);
        await cluster.ReplaceSiloAsync();
        await SendAsync(version);
        await cluster.SettleAsync();
        await AssertPeriodsAsync(cluster, Calendar, points);
        await AssertHistoryAsync(cluster, Calendar, points);

        // Another fiscal year, and weeks from another day on: the same days make other periods.
        var other = Calendar with { YearStartMonth = 11, Months = MonthPattern.Weeks544, WeekStart = DayOfWeek.Wednesday };
        await cluster.ApplyAsync(Content(other, Long));
        await cluster.SettleAsync();
        await AssertPeriodsAsync(cluster, other, points);
        await AssertHistoryAsync(cluster, other, points);

        async Task SendAsync(long dictionaryVersion)
        {
            TestPoint[] sent =
            [
                .. Enumerable.Range(0, 200).Select(_ => new TestPoint(
                    new NodeKey(Code, $"{(char)('a' + random.Next(3))}/{random.Next(3)}"),
                    Now - random.NextInt64(random.Next(3) switch { 0 => Day, 1 => 40 * Day, _ => 450 * Day }),
                    random.Next(100))),
            ];
            points.AddRange(sent);
            await source.SendAsync(sent, dictionaryVersion);
        }
    }

    private static async Task AssertPeriodsAsync(EngineCluster cluster, CalendarDefinition definition, List<TestPoint> points)
    {
        var calendar = new BusinessCalendar(definition);
        var readings = await EngineCluster.Persistently(() => cluster.ReadNodesAsync(Code));
        Assert.Equal(PathsOf(points), readings.Select(reading => reading.Key.Path).ToHashSet());
        foreach (var reading in readings)
        {
            Assert.Equal(Long.Select(period => period.Kind), reading.MorePeriods.Select(more => more.Period.Kind));
            foreach (var more in reading.MorePeriods)
            {
                var window = calendar.WindowOf(more.Period.Kind, reading.PeriodStart);
                Assert.Equal((window.Start, window.End), (more.Start, more.End));
                AssertSame($"{reading.Key} {more.Period.Kind}", Below(points, reading.Key.Path).Where(point => window.Holds(point.Time)), more.Aggregate);
            }
        }
    }

    private static async Task AssertHistoryAsync(EngineCluster cluster, CalendarDefinition definition, List<TestPoint> points)
    {
        var calendar = new BusinessCalendar(definition);
        foreach (var path in PathsOf(points))
        {
            var key = new NodeKey(Code, path);
            foreach (var kind in Long.Select(period => period.Kind).Append(PeriodKind.Day))
            {
                var query = new HistoryQuery { Key = key, Start = Now - (300 * Day), End = Now, Resolution = 0, Period = kind };
                var buckets = await EngineCluster.Persistently(() => cluster.Partition(cluster.Map.PartitionOf(key)).ReadHistoryAsync(query));
                var expected = Below(points, path)
                    .GroupBy(point => calendar.WindowOf(kind, point.Time))
                    .Where(period => period.Key.End > query.Start)
                    .OrderBy(period => period.Key.Start)
                    .ToList();
                Assert.Equal(expected.Select(period => period.Key), buckets.Select(bucket => new PeriodWindow(bucket.Start, bucket.End)));
                var all = query with { Start = 0, End = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() };
                Assert.Equal(
                    Below(points, path).LongCount(),
                    (await EngineCluster.Persistently(() => cluster.Partition(cluster.Map.PartitionOf(key)).ReadHistoryAsync(all))).Sum(bucket => bucket.Aggregate.Count));
                foreach (var (period, bucket) in expected.Zip(buckets))
                {
                    AssertSame($"{key} {kind} {bucket.Start}", period, bucket.Aggregate);
                }
            }
        }
    }

    private static void AssertSame(string place, IEnumerable<TestPoint> points, Aggregate actual)
    {
        var held = points.ToList();
        Assert.Equal((place, held.Count, held.Sum(point => point.Value)), (place, (int)actual.Count, actual.Sum));
        if (held.Count > 0)
        {
            Assert.Equal((held.Min(point => point.Value), held.Max(point => point.Value)), (actual.Min, actual.Max));
            Assert.Equal((held.Min(point => point.Time), held.Max(point => point.Time)), (actual.FirstTime, actual.LastTime));
        }
    }

    private static IEnumerable<TestPoint> Below(List<TestPoint> points, string path) =>
        points.Where(point => path.Length == 0 || point.Key.Path == path || point.Key.Path.StartsWith(path + "/", StringComparison.Ordinal));

    private static HashSet<string> PathsOf(List<TestPoint> points) =>
        [.. points.Select(point => point.Key.Path), .. points.Select(point => point.Key.Path[..1]), ""];

    private static DictionaryContent Content(CalendarDefinition calendar, ImmutableArray<Period> more) => new()
    {
        Departments = [new DepartmentDefinition { Id = "shop", Name = new LocalizedText { En = "Shop" } }],
        Calendars = [calendar],
        Indicators =
        [
            new IndicatorDefinition
            {
                Code = Code,
                Name = new LocalizedText { En = "Sales" },
                Statistic = Statistic.Sum,
                Breakdown = ["region", "till"],
                Resolution = TimeSpan.FromMinutes(30),
                Calendar = calendar,
                Period = new Period { Kind = PeriodKind.Day },
                MorePeriods = more,
                Lateness = TimeSpan.FromDays(500),
                Owner = "shop",
            },
        ],
    };
}
