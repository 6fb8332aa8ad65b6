using System.Collections.Immutable;
using CsCheck;

namespace Monitoring.Partitions;

public sealed class SenderTableTests
{
    [Fact]
    public void Receive_StreamsThatResendReorderAndReconnect_TakesEachBatchOnceAndInOrder() =>
        Gen.Select(Gen.Int[1, 12], Gen.Int[0, 1_000]).Sample((batches, seed) =>
        {
            // A source sends some of its batches here. Its streams end at random; the next one resends everything behind what the last one
            // was told. Messages of every stream are still under way and arrive in any order.
            var random = new Random(seed);
            var here = Enumerable.Range(1, batches * 2).Where(_ => random.Next(2) == 0).ToList();
            var table = new SenderTable();
            var journal = new List<JournalItem>();
            var underWay = new List<PointDelivery>();
            var acknowledged = 0L;
            for (var epoch = 1L; epoch <= 4; epoch++)
            {
                underWay.AddRange(StreamOf(epoch, here, acknowledged));
                for (var arrivals = random.Next(underWay.Count * 2 + 1); arrivals > 0 && underWay.Count > 0; arrivals--)
                {
                    var delivery = underWay[random.Next(3) == 0 ? random.Next(underWay.Count) : underWay.FindIndex(one => one.Epoch == epoch) is >= 0 and var first ? first : 0];
                    var status = table.Receive(delivery);
                    if (status == DeliveryStatus.Accepted)
                    {
                        journal.Add(new PointsItem(delivery.Source, delivery.Epoch, delivery.Sequence, [], [], []));
                    }

                    if (status is DeliveryStatus.Accepted or DeliveryStatus.Duplicate)
                    {
                        underWay.Remove(delivery);
                        acknowledged = Math.Max(acknowledged, delivery.Epoch == epoch ? delivery.Sequence : 0);
                    }

                    table = random.Next(6) == 0 ? Replayed(journal) : table;
                }
            }

            // What is resent until nothing is missing leaves nothing out.
            foreach (var delivery in StreamOf(5, here, acknowledged))
            {
                if (table.Receive(delivery) == DeliveryStatus.Accepted)
                {
                    journal.Add(new PointsItem(delivery.Source, delivery.Epoch, delivery.Sequence, [], [], []));
                }
            }

            Assert.Equal(here.Select(sequence => (long)sequence), journal.Cast<PointsItem>().Select(item => item.Sequence));
        });

    [Fact]
    public void Receive_Points_TellsDuplicateGapAndStaleEpoch()
    {
        var table = new SenderTable();

        Assert.Equal(DeliveryStatus.Accepted, table.Receive(Points(epoch: 2, sequence: 5, previous: 0)));
        Assert.Equal(DeliveryStatus.Duplicate, table.Receive(Points(epoch: 2, sequence: 5, previous: 0)));
        Assert.Equal(DeliveryStatus.Duplicate, table.Receive(Points(epoch: 2, sequence: 3, previous: 0)));
        Assert.Equal(DeliveryStatus.Gap, table.Receive(Points(epoch: 2, sequence: 8, previous: 6)));
        Assert.Equal(DeliveryStatus.StaleEpoch, table.Receive(Points(epoch: 1, sequence: 9, previous: 5)));
        Assert.Equal(DeliveryStatus.Accepted, table.Receive(Points(epoch: 3, sequence: 8, previous: 0)));
        Assert.Equal(DeliveryStatus.StaleEpoch, table.Receive(Points(epoch: 2, sequence: 9, previous: 8)));
        Assert.Equal(DeliveryStatus.Accepted, table.Receive(Points(epoch: 1, sequence: 1, previous: 0) with { Source = "another" }));
        Assert.Equal(new SenderMark { Epoch = 3, Position = 8 }, table.Sources["s"]);
    }

    [Fact]
    public void Receive_Contributions_TellsDuplicateGapAndStaleEpoch()
    {
        var table = new SenderTable();

        Assert.Equal(DeliveryStatus.StaleEpoch, table.Receive(Contributions(epoch: 4, after: 0, entry: 3)));
        Assert.Equal(new SenderItem(7, 4), table.Open(7, 4));
        Assert.Null(table.Open(7, 4));
        Assert.Null(table.Open(7, 3));
        Assert.Equal(DeliveryStatus.Accepted, table.Receive(Contributions(epoch: 4, after: 0, entry: 3)));
        Assert.Equal(DeliveryStatus.Duplicate, table.Receive(Contributions(epoch: 4, after: 0, entry: 3)));
        Assert.Equal(DeliveryStatus.Gap, table.Receive(Contributions(epoch: 4, after: 5, entry: 9)));
        Assert.Equal(DeliveryStatus.Gap, table.Receive(Contributions(epoch: 4, after: 2, entry: 9)));
        Assert.Equal(DeliveryStatus.StaleEpoch, table.Receive(Contributions(epoch: 5, after: 3, entry: 9)));
        Assert.Equal(new SenderItem(7, 6), table.Open(7, 6));
        Assert.Equal(DeliveryStatus.StaleEpoch, table.Receive(Contributions(epoch: 4, after: 3, entry: 9)));
        Assert.Equal(DeliveryStatus.Accepted, table.Receive(Contributions(epoch: 6, after: 3, entry: 9)));
        Assert.Equal(new SenderMark { Epoch = 6, Position = 9 }, table.OfPartition(7));
        Assert.Equal(default, table.OfPartition(8));
    }

    [Fact]
    public void Restore_FromTheHeaderAndTheJournalBehindIt_KnowsWhatWasReceived()
    {
        var table = new SenderTable();
        table.Restore(new PartitionHeader
        {
            Sources = ImmutableDictionary<string, SenderMark>.Empty.Add("s", new SenderMark { Epoch = 2, Position = 5 }),
            Senders = ImmutableDictionary<int, SenderMark>.Empty.Add(7, new SenderMark { Epoch = 1, Position = 3 }),
        });
        table.Replay(new PointsItem("s", 3, 6, [], [], []));
        table.Replay(new SenderItem(7, 4));
        table.Replay(new ContributionsItem(7, 4, 8, 0, [], []));
        table.Replay(new TickItem());

        Assert.Equal(new SenderMark { Epoch = 3, Position = 6 }, Assert.Single(table.Sources).Value);
        Assert.Equal(new SenderMark { Epoch = 4, Position = 8 }, Assert.Single(table.Partitions).Value);
    }

    private static IEnumerable<PointDelivery> StreamOf(long epoch, List<int> here, long acknowledged)
    {
        var previous = 0L;
        foreach (var sequence in here.Where(sequence => sequence > acknowledged))
        {
            yield return Points(epoch, sequence, previous);
            previous = sequence;
        }
    }

    private static SenderTable Replayed(List<JournalItem> journal)
    {
        var table = new SenderTable();
        journal.ForEach(table.Replay);
        return table;
    }

    private static PointDelivery Points(long epoch, long sequence, long previous) => new()
    {
        Source = "s",
        Epoch = epoch,
        Sequence = sequence,
        PreviousSequence = previous,
        DictionaryVersion = 1,
        Nodes = [],
        Times = [],
        Values = [],
    };

    private static ContributionDelivery Contributions(long epoch, long after, long entry) => new()
    {
        Sender = 7,
        Epoch = epoch,
        AfterEntry = after,
        Entry = entry,
        DictionaryVersion = 1,
        Nodes = [],
        NodeIndexes = [],
        Deltas = [],
        OldestAcceptedAt = 0,
    };
}
