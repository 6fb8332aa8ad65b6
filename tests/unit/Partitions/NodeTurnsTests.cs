using Monitoring.Indicators;
using Monitoring.Infrastructure;

namespace Monitoring.Partitions;

/// <summary>Turns given to nodes nearby, and the one wait for all of them.</summary>
public sealed class NodeTurnsTests
{
    private readonly NodeTurns _turns = new(places: 3);

    [Fact]
    public async Task WaitAsync_TurnsEndInAnyOrder_GoesOnAfterTheLastAndBringsEachItsOutcome()
    {
        WaitingNode[] nodes = [new(1), new(2), new(3)];
        for (var round = 0; round < 2; round++)
        {
            for (var place = 0; place < nodes.Length; place++)
            {
                Give(place, nodes[place]);
            }

            nodes[2].RunTurn();
            var waiting = _turns.WaitAsync().AsTask();
            nodes[0].RunTurn();
            Assert.False(waiting.IsCompleted);
            nodes[1].RunTurn();
            await waiting;

            Assert.Equal([1L, 2, 3], Enumerable.Range(0, 3).Select(place => _turns.Take(place)!.Deadline));
        }
    }

    [Fact]
    public async Task WaitAsync_AllTurnsEndedOrNoneGiven_GoesOnAtOnce()
    {
        await _turns.WaitAsync();
        var node = new WaitingNode(1);
        Give(1, node);
        node.RunTurn();

        await _turns.WaitAsync();

        Assert.Null(_turns.Take(0));
        Assert.NotNull(_turns.Take(1));
        Assert.Null(_turns.Take(1));
    }

    [Fact]
    public async Task Take_NodeFailed_ThrowsWhatItThrew()
    {
        var node = new WaitingNode(1) { Failure = new InvalidOperationException("broken") };
        Give(0, node);
        node.RunTurn();
        await _turns.WaitAsync();

        Assert.Same(node.Failure, Assert.Throws<InvalidOperationException>(() => _turns.Take(0)));
        Assert.Null(_turns.Take(0));
    }

    private void Give(int place, WaitingNode node) => _turns.Give(place, node, node, Input);

    private static NodeInput Input { get; } = new()
    {
        Visit = new NodeVisit { Epoch = 1, LastEntry = 0, Definition = Sample.Indicator(Sample.Rolling(TimeSpan.FromMinutes(5)), TimeSpan.FromMinutes(1)) },
        Round = new NodeRound { Partition = 0, PartitionCount = 1, DictionaryVersion = 1, Entries = [new RoundEntry(1, 1)], Parts = [default] },
        Number = 0,
    };

    /// <summary>A node whose turns run when the test says so.</summary>
    private sealed class WaitingNode(long deadline) : INearNode, IWorkItemScheduler
    {
        private readonly Queue<Action> _queued = new();

        public Exception? Failure { get; init; }

        public IWorkItemScheduler Scheduler => this;

        public NodeOutcome Apply(NodeInput input) => Failure is null ? new NodeOutcome { IsApplied = true, Deadline = deadline } : throw Failure;

        public void RunTurn() => _queued.Dequeue()();

        public void QueueAction(Action<object> action, object state) => _queued.Enqueue(() => action(state));

        public void QueueAction(Action action) => throw new NotSupportedException();

        public void QueueTask(Task task) => throw new NotSupportedException();
    }
}
