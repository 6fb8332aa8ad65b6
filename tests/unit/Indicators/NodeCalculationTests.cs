using CsCheck;
using Monitoring.Alerting;
using Monitoring.Dictionary;
using Monitoring.Infrastructure;

namespace Monitoring.Indicators;

public sealed class NodeCalculationTests
{
    [Fact]
    public void Node_AnyPointsCheckpointsAndCrashes_BehavesLikeTheNaiveOne() => NodeScript.Any.Sample(
        script =>
        {
            var definition = script.Definition;
            var resolution = (long)definition.Resolution.TotalMilliseconds;
            var node = new StoredNodeHarness(definition);
            var naive = new NaiveNode(definition);
            var at = NodeScript.Begin;
            for (var index = 0; index < script.Entries.Length; index++)
            {
                var entry = script.Entries[index];
                at += entry.Elapsed;
                var points = entry.Points.Select(point => (Time: at - point.Age, point.Value)).ToList();
                naive.Points.AddRange(points);

                var outcome = node.Apply(InputOf(definition, index + 1, at, points, entry.IsContributed ? resolution : 0));

                AssertSame(naive.Buckets(points), outcome.Contributions.ToDictionary(delta => delta.Start, delta => delta.Added));
                var step = naive.Judge(at);
                Assert.Equal(step is null ? [] : [step.Value], outcome.Transitions.Select(made => (made.Kind, made.Level, made.PeakLevel, made.StartedAt)));
                Assert.All(outcome.Transitions, made => AssertExplained(made, naive, at));
                foreach (var later in new[] { 0, 70_000, 3_600_000L * 24 * 9 })
                {
                    AssertReading(naive, at + later, NodeCalculation.Read(node.State, Sample.Node, definition, at + later));
                }

                AssertDeadline(naive, at, outcome.Deadline);
                if (entry.Behind is 1 or 2)
                {
                    node.TakeCheckpoint();
                }

                if (entry.Behind is 2 or 3)
                {
                    node.Crash();
                }
            }

            node.TakeCheckpoint();
            AssertSame(naive.Buckets(naive.Points), node.Buckets);
        },
        iter: 400);

    /// <summary>
    /// Points that come late into a period that is still judged leave value and rule where they would stand if they had come in time,
    /// whatever of it was stored or forgotten meanwhile.
    /// </summary>
    [Fact]
    public void Node_PointsComeLateIntoTheJudgedPeriod_StandsWhereAPunctualOneStands() => Gen.Select(
        Gen.OneOf(
            Sample.Rolling(TimeSpan.FromHours(2)), Sample.Day("America/New_York"), Sample.Day("Asia/Shanghai"), Sample.Day("UTC")),
        Gen.Enum<Statistic>(),
        Gen.Select(Gen.Long[0, 119 * 60_000], Gen.Int[-5, 12].Select(value => (double)value), Gen.Int[0, 3]).Array[1, 12]).Sample(
        (period, statistic, points) =>
        {
            var level = new LevelDefinition { Level = AlertLevel.Warning, Enter = 8, Exit = 8 };
            var definition = Sample.Indicator(period, TimeSpan.FromMinutes(15), Sample.Rule("high", level)) with { Statistic = statistic };
            var at = NodeScript.Begin + (4 * 3_600_000) + (119 * 60_000);
            var late = new StoredNodeHarness(definition);
            var entry = 0L;
            foreach (var (age, value, behind) in points)
            {
                late.Apply(InputOf(definition, ++entry, at, [(at - age, value)], 0));
                if (behind is 1 or 2)
                {
                    late.TakeCheckpoint();
                }

                if (behind is 2 or 3)
                {
                    late.Crash();
                }
            }

            var punctual = new NodeState(definition, new NodeRecord(), Sample.Image());
            NodeCalculation.Apply(
                punctual, Sample.Node, InputOf(definition, 1, at, [.. points.Select(point => (at - point.Item1, point.Item2)).OrderBy(point => point.Item1)], 0));

            var (found, wanted) = (NodeCalculation.Read(late.State, Sample.Node, definition, at), NodeCalculation.Read(punctual, Sample.Node, definition, at));
            Assert.Equal(wanted.Aggregate.Count, found.Aggregate.Count);
            Assert.Equal(wanted.Value, found.Value);
            Assert.Equal(wanted.Rules.Select(rule => (rule.Phase, rule.Level)), found.Rules.Select(rule => (rule.Phase, rule.Level)));
        });

    [Fact]
    public void Apply_Root_ContributesNothing()
    {
        var definition = Sample.Indicator(Sample.Rolling(TimeSpan.FromMinutes(5)), TimeSpan.FromMinutes(1));
        var state = new NodeState(definition, new NodeRecord(), Sample.Image());

        var outcome = NodeCalculation.Apply(state, new NodeKey("flights.delay", ""), InputOf(definition, 1, 1_000, [(500, 3)], 0));

        Assert.Empty(outcome.Contributions);
        Assert.Equal(3, NodeCalculation.Read(state, new NodeKey("flights.delay", ""), definition, 1_000).Value);
    }

    [Fact]
    public void Apply_RuleIsGone_ResolvesItsAlertWithoutThreshold()
    {
        var rule = Sample.Rule("high", new LevelDefinition { Level = AlertLevel.Warning, Enter = 8, Exit = 6 });
        var before = Sample.Indicator(Sample.Rolling(TimeSpan.FromMinutes(5)), TimeSpan.FromMinutes(1), rule);
        var state = new NodeState(before, new NodeRecord(), Sample.Image());
        var firing = Assert.Single(NodeCalculation.Apply(state, Sample.Node, InputOf(before, 7, 1_000, [(500, 9)], 0)).Transitions);
        Assert.Equal("3-7-5-0", firing.AlertId);

        var outcome = NodeCalculation.Apply(state, Sample.Node, InputOf(before with { Rules = [] }, 8, 2_000, [], 0));

        var resolved = Assert.Single(outcome.Transitions);
        Assert.Equal(
            firing with { Kind = TransitionKind.Resolved, Time = 2_000, Threshold = null },
            resolved);
        Assert.Empty(state.Rules);
        Assert.Equal(long.MaxValue, outcome.Deadline);
        Assert.Empty(NodeCalculation.Apply(state, Sample.Node, InputOf(before with { Rules = [] }, 9, 3_000, [], 0)).Transitions);
    }

    [Fact]
    public void Apply_SeveralRulesBeginAtOnce_GivesEachItsOwnAlert()
    {
        var level = new LevelDefinition { Level = AlertLevel.Warning, Enter = 8, Exit = 6 };
        var definition = Sample.Indicator(
            Sample.Rolling(TimeSpan.FromMinutes(5)), TimeSpan.FromMinutes(1), Sample.Rule("a", level), Sample.Rule("b", level), Sample.Rule("c", level));

        var outcome = NodeCalculation.Apply(new NodeState(definition, new NodeRecord(), Sample.Image()), Sample.Node, InputOf(definition, 7, 1_000, [(500, 9)], 0));

        Assert.Equal(3, outcome.Transitions.Select(made => made.AlertId).Distinct().Count());
        Assert.Equal(["a", "b", "c"], outcome.Transitions.Select(made => made.Rule));
    }

    [Fact]
    public void Apply_JournaledTimeGoesBack_KeepsTheClock()
    {
        var definition = Sample.Indicator(Sample.Rolling(TimeSpan.FromMinutes(5)), TimeSpan.FromMinutes(1));
        var state = new NodeState(definition, new NodeRecord { Clock = 10_000_000 }, Sample.Image());

        NodeCalculation.Apply(state, Sample.Node, InputOf(definition, 1, 5_000_000, [], 0));

        Assert.Equal(10_000_000, state.Clock);
    }

    private static NodeInput InputOf(
        IndicatorDefinition definition, long entry, long at, List<(long Time, double Value)> points, long contributedAt)
    {
        // The stretch of the shared columns begins behind what belongs to another node.
        BucketDelta[] deltas = contributedAt == 0 ? [] :
        [
            new BucketDelta { Start = 0, Added = new Aggregate(1, 1e9) },
            .. points.GroupBy(point => NaiveNode.BucketOf(point.Time, contributedAt)).SelectMany(bucket => bucket.Chunk(2).Select(pair => new BucketDelta
            {
                Start = bucket.Key,
                Added = pair.Aggregate(default(Aggregate), (sum, point) => Aggregate.Merge(sum, new Aggregate(point.Time, point.Value))),
            })),
        ];
        var part = new NodePart
        {
            PointStart = contributedAt > 0 ? 0 : 1,
            PointCount = contributedAt > 0 ? 0 : points.Count,
            DeltaStart = Math.Min(1, deltas.Length),
            DeltaCount = Math.Max(0, deltas.Length - 1),
        };
        return new NodeInput
        {
            Visit = new NodeVisit { Epoch = 1, LastEntry = entry - 1, Definition = definition },
            Number = 5,
            Round = Sample.Round(entry, at, part) with
            {
                Times = contributedAt > 0 ? [] : [1, .. points.Select(point => point.Time)],
                Values = contributedAt > 0 ? [] : [1e9, .. points.Select(point => point.Value)],
                Deltas = deltas,
            },
        };
    }

    private static void AssertSame(Dictionary<long, List<(long Time, double Value)>> expected, Dictionary<long, Aggregate> actual)
    {
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        foreach (var (start, points) in expected)
        {
            AssertSame(points, actual[start]);
        }
    }

    private static void AssertSame(List<(long Time, double Value)> points, in Aggregate actual)
    {
        Assert.Equal(points.Count, actual.Count);
        Assert.Equal(points.Sum(point => point.Value), actual.Sum);
        if (points.Count > 0)
        {
            var ordered = points.OrderBy(point => point.Time).ThenBy(point => point.Value).ToList();
            Assert.Equal((points.Min(point => point.Value), points.Max(point => point.Value)), (actual.Min, actual.Max));
            Assert.Equal((ordered[0], ordered[^1]), ((actual.FirstTime, actual.First), (actual.LastTime, actual.Last)));
        }
    }

    private static void AssertReading(NaiveNode naive, long now, NodeReading reading)
    {
        AssertSame(naive.Within(now), reading.Aggregate);
        Assert.Equal(naive.Value(now), reading.Value);
        Assert.Equal(naive.Points.Select(point => point.Time).Append(0).Max(), reading.NewestPoint);
        Assert.InRange(now, reading.PeriodStart, reading.PeriodEnd - 1);
        foreach (var more in reading.MorePeriods)
        {
            AssertSame(naive.Within(more.Period, now), more.Aggregate);
            Assert.Equal(naive.Value(more.Period, now), more.Value);
            Assert.InRange(now, more.Start, more.End - 1);
        }

        Assert.Equal(naive.IsFiring ? RulePhase.Firing : naive.IsPending ? RulePhase.Pending : RulePhase.Normal, Assert.Single(reading.Rules).Phase);
    }

    private static void AssertExplained(AlertTransition made, NaiveNode naive, long at)
    {
        Assert.Equal((naive.Value(at), naive.Within(at).Count, at, 4), (made.Value, (int)made.WindowPoints, made.Time, (int)made.DictionaryVersion));
        Assert.InRange(at, made.WindowStart, made.WindowEnd - 1);
    }

    /// <summary>The node must be told the time no later than when its content or a pending level changes by time alone.</summary>
    private static void AssertDeadline(NaiveNode naive, long at, long deadline)
    {
        Assert.True(deadline > at);
        Assert.True(deadline <= naive.RuleDeadline);
        var quietUntil = Math.Min(deadline, at + (50 * 3_600_000L)) - 1;
        Assert.Equal(naive.Within(at), naive.Within(quietUntil));

        // It may be woken once too often where a source's clock runs ahead by whole periods.
        if (deadline < naive.RuleDeadline && naive.Points.All(point => point.Time <= at + 120_000))
        {
            Assert.NotEqual(naive.Within(at), naive.Within(deadline));
        }
    }
}
