using System.Collections.Immutable;
using System.Globalization;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Monitoring.Alerting;
using Monitoring.Dictionary;
using Monitoring.Gateway.Console.Alerts;
using Monitoring.Gateway.Console.Indicators;
using Monitoring.Gateway.Console.Language;
using Monitoring.Gateway.Console.Live;
using Monitoring.Indicators;

namespace Monitoring.Gateway.Console;

public sealed class IndicatorViewTests
{
    private const long Minute = 60_000;
    private static readonly int[] Resolutions = [1, 5, 10, 60, 300, 3_600];
    private static readonly Viewer English = new(ConsoleLanguage.English);
    private static readonly AlertIndex NoAlerts = AlertIndex.Of([]);
    private static readonly TreeFilter Everything = TreeFilter.Parse(null, null, null);

    [Fact]
    public void Tree_OpenedNode_WatchesAndShowsItsChildrenOnly()
    {
        var tree = new IndicatorTree(maxNodesPerLevel: 10, maxExpanded: 5);
        tree.Toggle(new NodeKey("flights.delay", "GA"));
        tree.Toggle(new NodeKey("flights.delay", ""));

        Assert.Equal(
            [("flights.count", "", 0, 0), ("flights.delay", "", 0, 0), ("flights.delay", "", 1, 1), ("flights.delay", "GA", 2, 2)],
            tree.Selections(ConsoleSamples.Dictionary).Select(one => (one.Code, one.PathPrefix, one.MinDepth, one.MaxDepth)).Order());

        tree.Apply(new([Delay("", 10), Delay("GA", 12), Delay("GA/ATL", 14), Delay("CA", 8), Delay("CA/LAX", 7)], SnapshotComplete: true));
        Assert.Equal(
            ["Average delay 10", "CA 8", "GA 12", "ATL 14", "Flights "],
            tree.Rows(ConsoleSamples.Dictionary, NoAlerts, Everything, English).Select(row => $"{row.Label} {row.Value}"));
    }

    [Fact]
    public void Tree_WideLevel_KeepsItsLimitAndCountsTheRest()
    {
        var tree = new IndicatorTree(maxNodesPerLevel: 3, maxExpanded: 1);
        Assert.True(tree.Toggle(new NodeKey("flights.delay", "")));
        Assert.False(tree.Toggle(new NodeKey("flights.count", "")));
        tree.Apply(new([.. Enumerable.Range(0, 10).Select(i => Delay($"S{i}", i))], SnapshotComplete: true));

        var rows = tree.Rows(ConsoleSamples.Dictionary, NoAlerts, Everything, English);
        Assert.Equal(3, rows.Count(row => row.Depth == 1 && row.Note is null));
        Assert.Contains(rows, row => row.Note is not null && row.Note.StartsWith("7 more", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("delay", "", "", "Average delay,CA,GA")]
    [InlineData("ga", "", "", "Average delay,GA")]
    [InlineData("", "punctuality", "", "Flights")]
    [InlineData("", "", "critical", "Average delay,GA")]
    [InlineData("zzz", "", "", "")]
    public void Tree_Filter_ShowsMatchesAndTheWayToThem(string text, string owner, string level, string expected)
    {
        var tree = new IndicatorTree(maxNodesPerLevel: 10, maxExpanded: 5);
        tree.Toggle(new NodeKey("flights.delay", ""));
        tree.Apply(new([Delay("", 10), Delay("GA", 12), Delay("CA", 8)], SnapshotComplete: true));
        var alerts = AlertIndex.Of([ConsoleSamples.Alert("a", "GA/ATL", AlertLevel.Critical)]);

        var rows = tree.Rows(ConsoleSamples.Dictionary, alerts, TreeFilter.Parse(text, owner, level), English);
        Assert.Equal(expected, string.Join(',', rows.Select(row => row.Label)));
    }

    [Fact]
    public void Ranking_WorstFirst_ByTheRulesDirection()
    {
        NodeReading[] children = [Delay("A", 5), Delay("B", 50), Delay("C", null)];
        Assert.Equal(["B", "A", "C"], ChildRanking.Of(children, ConsoleSamples.Delay, NoAlerts, 10).Select(child => child.Label));

        var lowIsWorst = ConsoleSamples.Delay with { Rules = [ConsoleSamples.Delay.Rules[0] with { Direction = RuleDirection.Below }] };
        Assert.Equal(["A", "B", "C"], ChildRanking.Of(children, lowIsWorst, NoAlerts, 10).Select(child => child.Label));
    }

    [Fact]
    public void PeriodSeries_Rolling_EqualsNaiveMerge() =>
        Gen.Select(Gen.Int[0, 30], Gen.Double[-100, 100]).Array[1, 20].Sample(drawn =>
        {
            var buckets = drawn.DistinctBy(item => item.Item1).OrderBy(item => item.Item1)
                .Select(item => new Bucket { Start = item.Item1 * Minute, Aggregate = new Aggregate(item.Item1 * Minute, item.Item2) })
                .ToImmutableArray();
            foreach (var point in PeriodSeries.Of(buckets, Minute, ConsoleSamples.Delay, 0, long.MaxValue))
            {
                var inside = buckets.Where(bucket => bucket.Start < point.Time && bucket.Start >= point.Time - (5 * Minute)).ToList();
                if (inside.Count == 0)
                {
                    Assert.Null(point.Value);
                }
                else
                {
                    Assert.Equal(inside.Average(bucket => bucket.Aggregate.Sum), point.Value!.Value, 1e-9);
                }
            }
        });

    [Fact]
    public void PeriodSeries_Day_BeginsAnewAtLocalMidnight()
    {
        var midnight = new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.FromHours(8)).ToUnixTimeMilliseconds();
        ImmutableArray<Bucket> buckets =
        [
            new() { Start = midnight - (2 * Minute), Aggregate = new(midnight - (2 * Minute), 1) },
            new() { Start = midnight - Minute, Aggregate = new(midnight - Minute, 1) },
            new() { Start = midnight, Aggregate = new(midnight, 1) },
        ];
        Assert.Equal(
            new double?[] { 1, 2, null, 1 },
            PeriodSeries.Of(buckets, Minute, ConsoleSamples.Flights, 0, long.MaxValue).Select(point => point.Value));
        Assert.Equal(midnight, PeriodSeries.WarmUpStart(ConsoleSamples.Flights, midnight + Minute));
    }

    [Theory]
    [InlineData("America/Havana", "2025-11-02T12:00:00Z", "2025-11-02T04:00:00Z")] // Midnight comes twice.
    [InlineData("America/Havana", "2025-03-09T12:00:00Z", "2025-03-09T05:00:00Z")] // Midnight is skipped.
    [InlineData("Pacific/Apia", "2011-12-31T00:00:00Z", "2011-12-30T10:00:00Z")] // The day before is skipped.
    public void PeriodSeries_DayOfChangedClocks_BeginsWithItsFirstMoment(string zone, string time, string first) =>
        Assert.Equal(
            DateTimeOffset.Parse(first, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds(),
            PeriodSeries.WarmUpStart(
                ConsoleSamples.Flights with { Period = new Period { Kind = PeriodKind.Day, TimeZone = zone } },
                DateTimeOffset.Parse(time, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds()));

    [Fact]
    public void Chart_OfSingleBucketsOfACount_DrawsNoThresholds()
    {
        var counted = ConsoleSamples.Delay with { Statistic = Statistic.Count };
        ImmutableArray<Bucket> buckets = [new() { Start = 0, Aggregate = new(0, 1) }];
        var key = new NodeKey(counted.Code, "GA");
        var alerts = new[] { ConsoleSamples.Alert("a", "GA", AlertLevel.Warning, 2), ConsoleSamples.Alert("b", "GA/ATL", AlertLevel.Critical, 2) };

        var single = ChartModel.Of((counted, key), buckets, (0, Minute, Minute, false), alerts, English);
        Assert.True(single is { IsBars: true, IsPeriod: false, Thresholds.IsEmpty: true });
        var period = ChartModel.Of((counted, key), buckets, (0, Minute, Minute, true), alerts, English);
        Assert.Equal(["Warning ≥ 20 min", "Critical ≥ 40 min"], period.Thresholds.Select(line => line.Label));
        Assert.Equal([new ChartSpan("warning", 2, null, "Warning")], period.Spans);
    }

    [Fact]
    public void Chart_AlertFellToAWarning_IsRedOnlyUntilThen()
    {
        var alert = ConsoleSamples.Alert("a", "GA", AlertLevel.Warning, 2, TransitionKind.Deescalated);
        alert = alert with { Last = alert.Last with { PeakLevel = AlertLevel.Critical, Time = 7 } };

        var chart = ChartModel.Of((ConsoleSamples.Delay, new NodeKey("flights.delay", "GA")), [], (5, Minute, Minute, false), [alert], English);

        Assert.Equal([new ChartSpan("critical", 5, 7, "Critical"), new ChartSpan("warning", 7, null, "Warning")], chart.Spans);
    }

    [Fact]
    public void Values_OfOneIndicator_HaveTheSameDecimals()
    {
        NodeReading[] children = [Delay("A", 35), Delay("B", 14.567), Delay("C", -0.7), Delay("D", -0.0001), Delay("E", null)];
        Assert.Equal(
            ["35.00 min", "14.57 min", "0.00 min", "-0.70 min", "–"],
            ChildRanking.Of(children, ConsoleSamples.Delay, NoAlerts, 10).Select(child => child.Value));

        var tree = new IndicatorTree(maxNodesPerLevel: 10, maxExpanded: 5);
        tree.Toggle(new NodeKey("flights.delay", ""));
        tree.Apply(new([Delay("", 10), Delay("GA", 12.25), ConsoleSamples.Reading("flights.count", "", 3)], SnapshotComplete: true));
        Assert.Equal(["10.00", "12.25", "3"], tree.Rows(ConsoleSamples.Dictionary, NoAlerts, Everything, English).Select(row => row.Value));
    }

    [Theory]
    [InlineData("6h", "6h")]
    [InlineData("400d", "400d")]
    [InlineData("401d", "1h")]
    [InlineData("-3d", "1h")]
    [InlineData("99999999h", "1h")]
    [InlineData("x", "1h")]
    [InlineData(null, "1h")]
    public void Range_Nonsense_GivesTheDefault(string? text, string expected) => Assert.Equal(expected, TimeRange.Parse(text).ToString());

    [Fact]
    public void Range_Resolution_IsAMultipleAndBoundsTheValues() =>
        Gen.Select(Gen.Int[1, 400], Gen.Bool, Gen.Int[0, 5]).Sample((amount, isHours, resolutionIndex) =>
        {
            var seconds = Resolutions[resolutionIndex];
            var range = new TimeRange(amount, isHours ? 'h' : 'd');
            var definition = ConsoleSamples.Delay with { Resolution = TimeSpan.FromSeconds(seconds), Period = new() { Kind = PeriodKind.Rolling, Length = TimeSpan.FromSeconds(seconds * 12) } };
            var resolution = range.ResolutionMs(definition, maxValues: 600);
            Assert.Equal(0, resolution % (seconds * 1_000));
            Assert.True(range.Length.TotalMilliseconds / resolution <= 600);
        });

    [Fact]
    public void Throttle_ManyRequests_RunsOncePerIntervalAndNeverForgetsTheLast()
    {
        var clock = new FakeTimeProvider();
        var runs = 0;
        using var throttle = new RenderThrottle(clock, TimeSpan.FromMilliseconds(250), () => runs++);
        throttle.Request();
        clock.Advance(TimeSpan.Zero);
        Assert.Equal(1, runs);

        for (var i = 0; i < 24; i++)
        {
            clock.Advance(TimeSpan.FromMilliseconds(10));
            throttle.Request();
        }

        Assert.Equal(1, runs);
        clock.Advance(TimeSpan.FromMilliseconds(10));
        Assert.Equal(2, runs);
    }

    private static NodeReading Delay(string path, double? value) => ConsoleSamples.Reading("flights.delay", path, value);
}
