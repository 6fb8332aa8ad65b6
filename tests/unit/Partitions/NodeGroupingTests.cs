using CsCheck;
using Monitoring.Indicators;

namespace Monitoring.Partitions;

public sealed class NodeGroupingTests
{
    [Fact]
    public void Group_RoundAfterRound_GivesEachNodeItsPointsAndDeltasByEntryInOrder() =>
        Gen.Select(Gen.Int[1, 6], Gen.Int[0, 5].Array[0, 12].Array[0, 4].Array[1, 4].Array[1, 3]).Sample((nodeCount, rounds) =>
        {
            var nodes = new NodeTable();
            for (var number = 0; number < nodeCount; number++)
            {
                nodes.Add(new NodeKey("c", $"{number}"));
            }

            var grouping = new NodeGrouping();
            var next = 0;
            foreach (var round in rounds)
            {
                var entries = round.Select((picks, sequence) => Entry(
                    sequence + 10, picks.Select((one, index) => Item(nodes, index % 2 == 0, one, ref next)))).ToList();

                grouping.Group(entries);

                AssertGrouped(entries, grouping);
            }
        });

    [Fact]
    public void Touch_NodeOutsideTheEntry_IsCalledOnceWithNothing()
    {
        var nodes = new NodeTable();
        var (with, without) = (nodes.Add(new NodeKey("c", "a")), nodes.Add(new NodeKey("c", "b")));
        var grouping = new NodeGrouping();
        grouping.Group([Entry(1, [new PointsItem("s", 1, 1, [with], [1], [2])])]);

        grouping.Touch(without);
        grouping.Touch(without);
        grouping.Touch(with);

        Assert.Equal([with, without], Enumerable.Range(0, grouping.Count).Select(index => grouping[index].Slot));
        Assert.Equal((0, 0), (grouping[1].PointCount, grouping[1].DeltaCount));
        Assert.Equal(new NodePart { Order = 1 }, grouping.Part(grouping[1].FirstPart));
    }

    private static void AssertGrouped(List<JournalEntry> entries, NodeGrouping grouping)
    {
        var round = grouping.ToRound(1, 1, 1, now: 0);
        var parts = new List<(int Order, int Entry, NodeSlot Slot)>();
        for (var index = 0; index < grouping.Count; index++)
        {
            var group = grouping[index];
            foreach (var part in round.Parts.AsSpan(group.FirstPart, group.PartCount))
            {
                parts.Add((part.Order, part.Entry, group.Slot));
                var items = entries[part.Entry].Items;
                Assert.Equal(
                    items.OfType<PointsItem>().SelectMany(item => item.Slots.Zip(item.Times, item.Values))
                        .Where(point => point.First == group.Slot).Select(point => (point.Second, point.Third)),
                    round.Times.Skip(part.PointStart).Take(part.PointCount).Zip(round.Values.Skip(part.PointStart)));
                Assert.Equal(
                    items.OfType<ContributionsItem>().SelectMany(item => item.Slots.Zip(item.Deltas))
                        .Where(delta => delta.First == group.Slot).Select(delta => delta.Second),
                    round.Deltas.Skip(part.DeltaStart).Take(part.DeltaCount));
            }
        }

        // Every node of every entry has one part, numbered as the entries name them.
        Assert.Equal(
            entries.SelectMany((entry, index) => entry.Items.SelectMany(SlotsOf).Distinct().Select(slot => (index, slot))),
            parts.OrderBy(part => part.Order).Select(part => (part.Entry, part.Slot)));
    }

    private static NodeSlot[] SlotsOf(JournalItem item) => item is ContributionsItem contributions ? contributions.Slots : ((PointsItem)item).Slots;

    private static JournalEntry Entry(long sequence, IEnumerable<JournalItem> items) => new(sequence, 0, [.. items]);

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
