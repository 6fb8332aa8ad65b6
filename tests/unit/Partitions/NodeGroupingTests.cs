using CsCheck;
using Monitoring.Indicators;

namespace Monitoring.Partitions;

public sealed class NodeGroupingTests
{
    [Fact]
    public void Group_EntryAfterEntry_GivesEachNodeItsPointsAndDeltasInOrder() =>
        Gen.Select(Gen.Int[1, 6], Gen.Int[0, 5].Array[0, 12].Array[0, 4].Array[1, 4]).Sample((nodeCount, entries) =>
        {
            var nodes = new NodeTable();
            for (var number = 0; number < nodeCount; number++)
            {
                nodes.Add(new NodeKey("c", $"{number}"));
            }

            var grouping = new NodeGrouping();
            var next = 0;
            foreach (var entry in entries)
            {
                var items = entry.Select((picks, index) => Item(nodes, index % 2 == 0, picks, ref next)).ToList();

                grouping.Group(items);

                var points = items.OfType<PointsItem>().SelectMany(item => item.Slots.Zip(item.Times, item.Values)).ToList();
                var deltas = items.OfType<ContributionsItem>().SelectMany(item => item.Slots.Zip(item.Deltas)).ToList();
                Assert.Equal(
                    points.Select(point => point.First).Concat(deltas.Select(delta => delta.First)).Select(slot => slot.Number).Distinct().Order(),
                    grouping.Touched.Select(slot => slot.Number).Order());
                foreach (var slot in grouping.Touched)
                {
                    var (pointStart, deltaStart) = (NodeGrouping.PointStart(slot), NodeGrouping.DeltaStart(slot));
                    Assert.Equal(
                        points.Where(point => point.First == slot).Select(point => (point.Second, point.Third)),
                        grouping.Times[pointStart..(pointStart + slot.PointCount)].Zip(grouping.Values[pointStart..(pointStart + slot.PointCount)]));
                    Assert.Equal(
                        deltas.Where(delta => delta.First == slot).Select(delta => delta.Second),
                        grouping.Deltas[deltaStart..(deltaStart + slot.DeltaCount)]);
                }
            }
        });

    [Fact]
    public void Touch_NodeOutsideTheEntry_IsCalledOnceWithNothing()
    {
        var nodes = new NodeTable();
        var (with, without) = (nodes.Add(new NodeKey("c", "a")), nodes.Add(new NodeKey("c", "b")));
        var grouping = new NodeGrouping();
        grouping.Group([new PointsItem("s", 1, 1, [with], [1], [2])]);

        grouping.Touch(without);
        grouping.Touch(without);
        grouping.Touch(with);

        Assert.Equal([with, without], grouping.Touched);
        Assert.Equal((0, 0), (without.PointCount, without.DeltaCount));
    }

    private static JournalItem Item(NodeTable nodes, bool isPoints, int[] picks, ref int next)
    {
        var first = next;
        next += picks.Length;
        var slots = picks.Select(pick => nodes[pick % nodes.Count]).ToArray();
        var marks = Enumerable.Range(first, picks.Length).ToArray();
        return isPoints
            ? new PointsItem("s", 1, 1, slots, [.. marks.Select(mark => (long)mark)], [.. marks.Select(mark => mark / 2.0)])
            : new ContributionsItem(1, 1, 1, 1, slots, [.. marks.Select(mark => new BucketDelta { Start = mark, Added = new Aggregate(mark, 1) })]);
    }
}
