using CsCheck;
using Monitoring.Dictionary;
using Monitoring.Indicators;
using Monitoring.Infrastructure;
using Monitoring.Partitions;

namespace Monitoring.LatePoints;

public sealed class DeliveryDecisionTests
{
    private const long At = 1_766_880_000_000;

    private static readonly Gen<(string Code, string Path, long Age, double Value)> GenPoint = Gen.Select(
        Gen.OneOf("hour", "week", "gone"),
        Gen.OneOf("", "GA", "GA/ATL"),
        Gen.OneOf(
            Gen.Long[-60_000, 8 * 86_400_000L],
            Gen.OneOf(3_600_000L, 3_600_001L, 3_599_999L, 7 * 86_400_000L, (7 * 86_400_000L) + 1)),
        Gen.Double[-10, 10]);

    [Fact]
    public void Of_AnyPoints_CountsKeepsAndRefusesEachOnce() => GenPoint.Array[0, 30].Array[1, 3].Sample(deliveries =>
    {
        var nodes = new NodeTable();
        var sequence = 0L;
        foreach (var points in deliveries)
        {
            var decision = DeliveryDecision.Of(Delivery(++sequence, points), At, [], Dictionary(version: 3), nodes);

            var allowed = points.Select(point => point.Code == "hour" ? 3_600_000 : 7 * 86_400_000L).ToArray();
            int[] known = [.. Enumerable.Range(0, points.Length).Where(index => points[index].Code != "gone")];
            Assert.Equal(Enumerable.Range(0, points.Length).Except(known), decision.Refused?.Unknown ?? []);
            Assert.Equal(
                known.Where(index => points[index].Age <= allowed[index]).Select(index => Describe(points[index])),
                Describe(decision.Points.Slots, decision.Points.Times, decision.Points.Values));
            Assert.Equal(("shop", 4, sequence), (decision.Points.Source, decision.Points.Epoch, decision.Points.Sequence));
            int[] late = [.. known.Where(index => points[index].Age > allowed[index])];
            Assert.Equal(late.Length == 0, decision.Late is null);
            if (decision.Late is { } kept)
            {
                Assert.Equal(late.Select(index => Describe(points[index])), Describe(kept.Slots, kept.Times, kept.Values));
                Assert.Equal(late.Select(index => allowed[index]), kept.Allowed);
                Assert.Equal("shop", kept.Source);
            }
        }
    });

    [Fact]
    public void Of_LatenessChanges_IsJudgedByTheNewOne()
    {
        var nodes = new NodeTable();
        var points = new[] { ("hour", "GA", 7_200_000L, 1.0) };
        Assert.NotNull(DeliveryDecision.Of(Delivery(1, points), At, [], Dictionary(version: 3), nodes).Late);

        var longer = new DictionarySnapshot { Version = 4, Indicators = [Indicator("hour", TimeSpan.FromHours(2))] };

        Assert.Null(DeliveryDecision.Of(Delivery(2, points), At, [], longer, nodes).Late);
        Assert.NotNull(DeliveryDecision.Of(Delivery(3, points), At + 1, [], longer, nodes).Late);
    }

    [Fact]
    public void Of_PartitionIsFull_RefusesNewNodesAlone()
    {
        var nodes = new NodeTable(maxNodes: 2);
        (string, string, long, double)[] points = [("hour", "GA", 0, 1), ("hour", "TX", 0, 2), ("hour", "CA", 0, 3), ("hour", "GA", 0, 4)];

        var decision = DeliveryDecision.Of(Delivery(1, points), At, [], Dictionary(version: 3), nodes);

        Assert.Equal([2], decision.Refused!.Excess);
        Assert.Equal(["GA", "TX", "GA"], decision.Points.Slots.Select(slot => slot.Key.Path));
        Assert.Equal(2, nodes.Count);
    }

    [Fact]
    public void Of_NodeWasMadeByItsChildren_LooksItsIndicatorUp()
    {
        var nodes = new NodeTable();
        nodes.Add(new NodeKey("hour", "GA"));

        var decision = DeliveryDecision.Of(Delivery(1, [("hour", "GA", 7_200_000L, 1.0)]), At, [], Dictionary(version: 0), nodes);

        Assert.NotNull(decision.Late);
        Assert.Empty(decision.Points.Slots);
    }

    private static PointDelivery Delivery(long sequence, (string Code, string Path, long Age, double Value)[] points) => new()
    {
        Source = "shop",
        Epoch = 4,
        Sequence = sequence,
        PreviousSequence = sequence - 1,
        DictionaryVersion = 3,
        Nodes = [.. points.Select(point => new NodeKey(point.Code, point.Path))],
        Times = [.. points.Select(point => At - point.Age)],
        Values = [.. points.Select(point => point.Value)],
    };

    private static DictionarySnapshot Dictionary(long version) => new()
    {
        Version = version,
        Indicators = [Indicator("hour", TimeSpan.FromHours(1)), Indicator("week", TimeSpan.FromDays(7))],
    };

    private static IndicatorDefinition Indicator(string code, TimeSpan lateness) =>
        Sample.Indicator(Sample.Rolling(TimeSpan.FromMinutes(5)), TimeSpan.FromMinutes(1)) with { Code = code, Lateness = lateness };

    private static string Describe((string Code, string Path, long Age, double Value) point) =>
        $"{new NodeKey(point.Code, point.Path)} {At - point.Age} {point.Value}";

    private static IEnumerable<string> Describe(NodeSlot[] slots, long[] times, double[] values) =>
        slots.Select((slot, index) => $"{slot.Key} {times[index]} {values[index]}");
}
