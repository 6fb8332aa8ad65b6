using System.Collections.Immutable;
using CsCheck;
using Monitoring.Dictionary;
using Monitoring.Infrastructure;

namespace Monitoring.Indicators;

/// <summary>Whatever is corrected in whatever order, every node ends with what a naive program computes from the points that count.</summary>
public sealed class RestatementTests
{
    private const int Partitions = 3;
    private const int Iterations = 1_000;
    private const long Minute = 60_000;
    private static readonly long Begin = new DateTimeOffset(2026, 3, 7, 22, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private enum Kind
    {
        Send,
        Deliver,
        Answer,
        Checkpoint,
        Restart,
        Wait,
    }

    private sealed record Step(Kind Kind, int One, int Other, (int Age, int Value, bool IsCorrection)[] Points);

    private static readonly Gen<Step> GenStep = Gen.Select(
        Gen.Frequency(
            (8, Gen.Const(Kind.Send)), (8, Gen.Const(Kind.Deliver)), (3, Gen.Const(Kind.Answer)), (2, Gen.Const(Kind.Checkpoint)),
            (1, Gen.Const(Kind.Restart)), (2, Gen.Const(Kind.Wait))),
        Gen.Int[0, 11],
        Gen.Int[0, 11],
        Gen.Select(Gen.Frequency((6, Gen.Int[0, 3]), (1, Gen.Int[0, 400])), Gen.Int[-4, 9], Gen.Frequency((3, Gen.Const(false)), (2, Gen.Const(true))))
            .Array[1, 4],
        (kind, one, other, points) => new Step(kind, one, other, points));

    private static readonly ImmutableArray<Period> LongPeriods = [Sample.Of(PeriodKind.Month), Sample.Of(PeriodKind.Year), Sample.Of(PeriodKind.Life)];

    private static readonly Gen<IndicatorDefinition> GenDefinition = Gen.OneOf(
        Gen.Const(Sample.Indicator(Sample.Rolling(TimeSpan.FromMinutes(3)), TimeSpan.FromMinutes(1))),
        Gen.Const(Sample.Indicator(Sample.Day("UTC"), TimeSpan.FromMinutes(1))),
        Gen.Const(Sample.Indicator(Sample.Day("America/New_York"), TimeSpan.FromHours(1))),
        Gen.Const(Sample.Indicator(Sample.Day("UTC"), TimeSpan.FromDays(1))),
        Gen.Const(Sample.Indicator(Sample.Of(PeriodKind.Week), TimeSpan.FromMinutes(1)) with { Calendar = CalendarDefinition.Plain("America/New_York"), MorePeriods = LongPeriods }),
        Gen.Const(Sample.Indicator(Sample.Day("UTC"), TimeSpan.FromDays(1)) with { MorePeriods = LongPeriods }));

    // Few, so that corrections meet points; some both receive points and have children.
    private static readonly string[] Paths = ["a/1", "a/2", "a/1", "a/2", "a/3", "b/1", "b/1", "a", "b", "c/1", "d", ""];

    private int _collections;

    [Fact]
    public void Tree_AnyPointsCorrectionsAndRestarts_EqualsTheNaiveOne()
    {
        Play();

        // Otherwise the test would say nothing of shares.
        Assert.True(_collections > Iterations, $"{_collections} collections");
    }

    private void Play() => Gen.Select(GenDefinition, GenStep.Array[1, 150]).Sample(
        (definition, steps) =>
        {
            var tree = new SimulatedTree(definition, Partitions);
            var naive = new NaiveTree();
            var now = Begin;
            foreach (var step in steps)
            {
                switch (step.Kind)
                {
                    case Kind.Send:
                        // Few distinct times, so that corrections meet several points, one, or none.
                        var points = step.Points.Select(point => (now - (now % 10_000) - (point.Age * 20_000L), (double)point.Value, point.IsCorrection)).ToList();
                        tree.Send(Paths[step.One], now, points);
                        naive.Send(Paths[step.One], points);
                        break;
                    case Kind.Deliver:
                        tree.Deliver(step.One % Partitions, step.Other % Partitions, now);
                        break;
                    case Kind.Answer:
                        tree.Answer(step.One % Partitions);
                        break;
                    case Kind.Checkpoint:
                        tree.Nodes.GetValueOrDefault(Paths[step.One])?.TakeCheckpoint();
                        break;
                    case Kind.Restart:
                        tree.Nodes.GetValueOrDefault(Paths[step.One])?.Restart();
                        break;
                    case Kind.Wait:
                        now += step.One * (step.Other == 0 ? 12 * 60 * Minute : Minute);
                        break;
                }
            }

            tree.Drain(now);

            Assert.Equal(0, tree.Mismatches);
            AssertSame(definition, naive, tree);
            Interlocked.Add(ref _collections, tree.Collections);
        },
        iter: Iterations);

    private static void AssertSame(IndicatorDefinition definition, NaiveTree naive, SimulatedTree tree)
    {
        var resolution = (long)definition.Resolution.TotalMilliseconds;
        foreach (var (path, node) in tree.Nodes)
        {
            node.TakeCheckpoint();
            Assert.Empty(node.Record.Suspects);
            var points = naive.PointsBelow(path).ToList();
            var expected = points.GroupBy(point => (resolution, NaiveNode.BucketOf(point.Time, resolution))).ToDictionary(bucket => bucket.Key, bucket => bucket.ToList());
            if (NodeState.HasDays(definition))
            {
                var zone = TimeZoneInfo.FindSystemTimeZoneById(definition.Calendar?.TimeZone ?? definition.Period.TimeZone);
                foreach (var day in points.GroupBy(point => StartOfDay(point.Time, zone)))
                {
                    expected.Add((BucketRow.DayResolution, day.Key), [.. day]);
                }
            }

            Assert.Equal(expected.Keys.Order(), node.Rows.Keys.Order());
            foreach (var (place, held) in expected)
            {
                AssertSame(held, node.Rows[place], $"{path} {place}");
            }

            foreach (var total in node.Record.Totals)
            {
                var held = points.Where(point => total.Holds(point.Time)).ToList();
                Assert.Equal(held.Count, total.Aggregate.Count);
                if (held.Count > 0)
                {
                    AssertSame(held, total.Aggregate, $"{path} {total.Kind}");
                }
            }
        }
    }

    private static void AssertSame(List<(long Time, double Value)> points, in Aggregate actual, string place)
    {
        var ordered = points.OrderBy(point => point.Time).ThenBy(point => point.Value).ToList();
        Assert.Equal(
            (place, points.Count, points.Sum(point => point.Value), points.Min(point => point.Value), points.Max(point => point.Value), ordered[0], ordered[^1]),
            (place, (int)actual.Count, actual.Sum, actual.Min, actual.Max, (actual.FirstTime, actual.First), (actual.LastTime, actual.Last)));
    }

    private static long StartOfDay(long time, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(time), zone).Date;
        return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUnixTimeMilliseconds();
    }

    private sealed class NaiveTree
    {
        private readonly Dictionary<string, List<(long Time, double Value)>> _points = new(StringComparer.Ordinal);

        public void Send(string path, IEnumerable<(long Time, double Value, bool IsCorrection)> points)
        {
            if (!_points.TryGetValue(path, out var present))
            {
                _points.Add(path, present = []);
            }

            foreach (var (time, value, isCorrection) in points)
            {
                present.RemoveAll(point => isCorrection && point.Time == time);
                present.Add((time, value));
            }
        }

        public IEnumerable<(long Time, double Value)> PointsBelow(string path) => _points
            .Where(node => node.Key == path || path.Length == 0 || node.Key.StartsWith(path + "/", StringComparison.Ordinal))
            .SelectMany(node => node.Value);
    }
}
