using CsCheck;
using Monitoring.Alerting;
using Monitoring.Dictionary;
using Monitoring.Infrastructure;
using Monitoring.Partitions;

namespace Monitoring.Indicators;

public sealed class NodeRoundTests
{
    private static readonly Gen<(int Seconds, int Value)[]> _points = Gen.Select(Gen.Int[0, 400], Gen.Int[-5, 20]).Array[1, 4];

    /// <summary>However entries are cut into rounds, a node ends in the same state, and the same alerts take the same steps.</summary>
    [Fact]
    public void Apply_SeveralEntriesInOneRound_DoesWhatTheyDoOneByOne() =>
        Gen.Select(
            Gen.OneOf(Gen.Const(Sample.Rolling(TimeSpan.FromMinutes(2))), Gen.Const(Sample.Day("Asia/Shanghai"))),
            Gen.Select(_points, Gen.Int[0, 90], Gen.Bool).Array[1, 12],
            Gen.Int[1, 4]).Sample((period, entries, size) =>
        {
            var definition = Sample.Indicator(period, TimeSpan.FromSeconds(30), Sample.Rule("high", Level(AlertLevel.Warning, 20), Level(AlertLevel.Critical, 40)));
            var (one, many) = (new NodeState(definition, new NodeRecord(), Sample.Image()), new NodeState(definition, new NodeRecord(), Sample.Image()));
            var slot = new NodeTable().Add(Sample.Node);
            var (journal, grouping) = (Journal(slot, entries), new NodeGrouping());

            var outcomesOfOne = journal.ConvertAll(entry => Apply(one, definition, slot, grouping, [entry]));
            var outcomesOfMany = journal.Chunk(size).Select(round => Apply(many, definition, slot, grouping, round)).ToList();

            var (single, rounds) = (outcomesOfOne.SelectMany(outcome => outcome.Transitions), outcomesOfMany.SelectMany(outcome => outcome.Transitions));
            Assert.Equal(single, rounds);
            Assert.Equal(outcomesOfOne[^1].Deadline, outcomesOfMany[^1].Deadline);
            Assert.Equal(one.BucketsWithin(0, long.MaxValue), many.BucketsWithin(0, long.MaxValue));
            Assert.Equivalent(one.ToStored(), many.ToStored(), strict: true);
            Assert.Equal(Summed(outcomesOfOne), Summed(outcomesOfMany));
        });

    private static LevelDefinition Level(AlertLevel level, double threshold) => new() { Level = level, Enter = threshold, Exit = threshold - 5 };

    private static List<JournalEntry> Journal(NodeSlot slot, ((int Seconds, int Value)[] Points, int Later, bool Contributes)[] entries)
    {
        var (journal, at) = (new List<JournalEntry>(), 1_000_000L);
        foreach (var (points, later, contributes) in entries)
        {
            at += later * 1_000;
            var slots = points.Select(_ => slot).ToArray();
            var times = points.Select(point => at - (point.Seconds * 1_000L)).ToArray();
            JournalItem item = contributes
                ? new ContributionsItem(1, 1, 1, at, slots, [.. points.Zip(times, (point, time) => new BucketDelta
                {
                    Start = PeriodWindow.BucketStart(time, 30_000),
                    Added = new Aggregate(time, point.Value),
                })])
                : new PointsItem("s", 1, 1, slots, times, [.. points.Select(point => (double)point.Value)]);
            journal.Add(new JournalEntry(journal.Count + 1, at, [item]));
        }

        return journal;
    }

    private static NodeOutcome Apply(
        NodeState state, IndicatorDefinition definition, NodeSlot slot, NodeGrouping grouping, IReadOnlyList<JournalEntry> entries)
    {
        grouping.Group(entries);
        return NodeCalculation.Apply(state, slot.Key, new NodeInput
        {
            Visit = new NodeVisit { Epoch = 1, LastEntry = 0, Definition = definition },
            Number = slot.Number,
            Round = grouping.ToRound(3, 1, 4, now: 0),
            FirstPart = grouping[0].FirstPart,
            PartCount = grouping[0].PartCount,
        });
    }

    private static List<(long Start, long Count, double Sum)> Summed(List<NodeOutcome> outcomes) =>
    [
        .. outcomes.SelectMany(outcome => outcome.Contributions)
            .GroupBy(delta => delta.Start)
            .OrderBy(bucket => bucket.Key)
            .Select(bucket => (bucket.Key, bucket.Sum(delta => delta.Added.Count), bucket.Sum(delta => delta.Added.Sum))),
    ];
}
