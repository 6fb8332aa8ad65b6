using CsCheck;
using Monitoring.Indicators;

namespace Monitoring.Partitions;

public sealed class OutboxTests
{
    private enum Kind
    {
        Journal,
        Apply,
        Send,
        LoseAnswer,
        LoseDelivery,
        Checkpoint,
        Crash,
    }

    private static readonly Gen<(Kind Kind, int Node, int Bucket)> GenStep = Gen.Select(
        Gen.Frequency(
            (5, Gen.Const(Kind.Journal)), (6, Gen.Const(Kind.Apply)), (3, Gen.Const(Kind.Send)), (1, Gen.Const(Kind.LoseAnswer)),
            (1, Gen.Const(Kind.LoseDelivery)), (1, Gen.Const(Kind.Checkpoint)), (1, Gen.Const(Kind.Crash))),
        Gen.Int[0, 2],
        Gen.Int[0, 3]);

    [Fact]
    public void Exchange_AnswersAndDeliveriesLostCheckpointsAndCrashes_CountsEveryEntryOnce() => GenStep.Array[1, 120].Sample(
        steps =>
        {
            var journal = new List<(int Node, int Bucket)>();
            var receiver = new Receiver();
            var sender = new Sender(journal, receiver);
            foreach (var (kind, node, bucket) in steps)
            {
                switch (kind)
                {
                    case Kind.Journal:
                        journal.Add((node, bucket));
                        break;
                    case Kind.Apply:
                        sender.Apply();
                        break;
                    case Kind.Send:
                        sender.Send(isDelivered: true, isAnswered: true);
                        break;
                    case Kind.LoseAnswer:
                        sender.Send(isDelivered: true, isAnswered: false);
                        break;
                    case Kind.LoseDelivery:
                        sender.Send(isDelivered: false, isAnswered: false);
                        break;
                    case Kind.Checkpoint:
                        sender.TakeCheckpoint();
                        break;
                    case Kind.Crash:
                        sender.Crash();
                        break;
                }
            }

            while (sender.Apply())
            {
            }

            while (sender.Send(isDelivered: true, isAnswered: true))
            {
            }

            Assert.Equal(
                journal.Select((change, index) => (change.Node, change.Bucket, index)).GroupBy(change => (change.Node, change.Bucket))
                    .ToDictionary(group => group.Key, group => (group.Count(), group.Min(change => change.index), group.Max(change => change.index))),
                receiver.Totals.ToDictionary(total => total.Key, total => ((int)total.Value.Count, (int)total.Value.FirstTime, (int)total.Value.LastTime)));
        },
        iter: 2_000);

    [Theory]
    [InlineData(10, 1)]
    [InlineData(12, 0)]
    public void Open_StoredBeforeTheReceiverAnswered_KeepsWhatItDoesNotHave(long receivedThrough, int weight)
    {
        // Of an earlier activation the receiver has everything up to entry 10; this one was stopped before it could ask for that.
        var outbox = new Outbox(1);
        outbox.Add(new ParentSlot(new NodeKey("c", "a"), outbox), new BucketDelta { Start = 0, Added = new Aggregate(1, 1) }, entry: 12, acceptedAt: 0);
        var restored = new Outbox(1);
        restored.Restore(outbox.Store()!, checkpointEntry: 12, key => new ParentSlot(key, restored));

        restored.Open(receivedThrough);

        Assert.Equal(weight, restored.Weight);
        Assert.Equal(weight == 0 ? null : receivedThrough, restored.Next(4, 2, 1, appliedThrough: 12)?.AfterEntry);
    }

    [Fact]
    public void Next_NodesOfTwoDepthsWait_TellsTheAgeOfPointsApart()
    {
        var outbox = new Outbox(1);
        outbox.Open(0);
        var (root, parent) = (new ParentSlot(new NodeKey("c", string.Empty), outbox), new ParentSlot(new NodeKey("c", "a/b"), outbox));
        outbox.Add(root, new BucketDelta { Start = 0, Added = new Aggregate(1, 1) }, entry: 1, acceptedAt: 10);
        outbox.Add(parent, new BucketDelta { Start = 0, Added = new Aggregate(1, 1) }, entry: 1, acceptedAt: 90);

        var delivery = outbox.Next(sender: 4, epoch: 2, dictionaryVersion: 3, appliedThrough: 1)!;

        Assert.Equal((10, OldestPoints.None, 90), (delivery.OldestByDepth[0], delivery.OldestByDepth[1], delivery.OldestByDepth[2]));
        Assert.Equal(10, delivery.OldestAcceptedAt);
        outbox.Acknowledge();
        outbox.Add(parent, new BucketDelta { Start = 0, Added = new Aggregate(1, 1) }, entry: 2, acceptedAt: 95);
        Assert.Equal(95, outbox.Next(4, 2, 3, 2)!.OldestAcceptedAt);
    }

    [Fact]
    public void Next_WhileManyEntriesWait_MergesThemByNodeAndBucket()
    {
        var outbox = new Outbox(1);
        outbox.Open(0);
        var (one, two) = (new ParentSlot(new NodeKey("c", "a"), outbox), new ParentSlot(new NodeKey("c", "b"), outbox));
        for (var entry = 1; entry <= 10; entry++)
        {
            outbox.Add(one, new BucketDelta { Start = entry % 2, Added = new Aggregate(entry, entry) }, entry, acceptedAt: 100 - entry);
            outbox.Add(two, new BucketDelta { Start = 7, Added = new Aggregate(entry, 1) }, entry, acceptedAt: 100 - entry);
        }

        Assert.Equal(3, outbox.Weight);
        var delivery = outbox.Next(sender: 4, epoch: 2, dictionaryVersion: 3, appliedThrough: 10)!;

        Assert.Equal((0, 10, 90), (delivery.AfterEntry, delivery.Entry, delivery.OldestAcceptedAt));
        Assert.Equal([one.Key, two.Key], delivery.Nodes);
        Assert.Equal([0, 0, 1], delivery.NodeIndexes);
        Assert.Equal([5L, 5, 10], delivery.Deltas.Select(delta => delta.Added.Count));
        Assert.Same(delivery, outbox.Next(4, 2, 3, 99));
        outbox.Acknowledge();
        Assert.True(outbox.IsEmpty);
        Assert.Null(outbox.Next(4, 2, 3, 99));
    }

    /// <summary>The receiving partition: refuses what does not follow what it has.</summary>
    private sealed class Receiver
    {
        private long _through;

        public Dictionary<(int Node, int Bucket), Aggregate> Totals { get; } = [];

        public long Epoch { get; private set; }

        public long Open(long epoch)
        {
            Epoch = epoch;
            return _through;
        }

        public void Receive(ContributionDelivery delivery)
        {
            Assert.Equal(Epoch, delivery.Epoch);
            if (delivery.Entry <= _through)
            {
                return;
            }

            Assert.Equal(_through, delivery.AfterEntry);
            _through = delivery.Entry;
            foreach (var (index, delta) in delivery.NodeIndexes.Zip(delivery.Deltas))
            {
                var key = (int.Parse(delivery.Nodes[index].Path, System.Globalization.CultureInfo.InvariantCulture), (int)delta.Start);
                Totals[key] = Aggregate.Merge(Totals.GetValueOrDefault(key), delta.Added);
            }
        }
    }

    /// <summary>The sending partition, as far as it concerns one outbox.</summary>
    private sealed class Sender(List<(int Node, int Bucket)> journal, Receiver receiver)
    {
        private Outbox _outbox = new(1);
        private Dictionary<int, ParentSlot> _parents = [];
        private long _epoch = 1;
        private int _applied;
        private int _replayUntil;
        private (int Applied, StoredOutbox? Stored) _checkpoint;

        public bool Apply()
        {
            if (_applied == journal.Count)
            {
                return false;
            }

            if (_applied < _replayUntil)
            {
                Open();
            }

            var (node, bucket) = journal[_applied];
            var delta = new BucketDelta { Start = bucket, Added = new Aggregate(_applied, 1) };
            _applied++;
            _outbox.Add(ParentOf(node), delta, _applied, acceptedAt: 0);
            return true;
        }

        public bool Send(bool isDelivered, bool isAnswered)
        {
            if (_outbox.IsEmpty)
            {
                return false;
            }

            Open();
            if (_outbox.Next(sender: 4, _epoch, dictionaryVersion: 1, _applied) is not { } delivery)
            {
                return false;
            }

            if (isDelivered)
            {
                receiver.Receive(delivery);
            }

            if (isAnswered)
            {
                _outbox.Acknowledge();
            }

            return true;
        }

        public void TakeCheckpoint() => _checkpoint = (_applied, _outbox.Store());

        public void Crash()
        {
            (_outbox, _parents, _applied, _replayUntil) = (new Outbox(1), [], _checkpoint.Applied, journal.Count);
            _epoch++;
            if (_checkpoint.Stored is { } stored)
            {
                _outbox.Restore(stored, _checkpoint.Applied, key => ParentOf(int.Parse(key.Path, System.Globalization.CultureInfo.InvariantCulture)));
                Open();
            }
        }

        private void Open()
        {
            if (!_outbox.IsOpen)
            {
                _outbox.Open(receiver.Open(_epoch));
            }
        }

        private ParentSlot ParentOf(int node)
        {
            if (!_parents.TryGetValue(node, out var parent))
            {
                _parents.Add(node, parent = new ParentSlot(new NodeKey("c", $"{node}"), _outbox));
            }

            return parent;
        }
    }
}
