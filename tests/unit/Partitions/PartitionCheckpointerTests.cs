using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.Dictionary;
using Monitoring.History;
using Monitoring.Indicators;
using Monitoring.Infrastructure;
using Monitoring.LatePoints;
using Monitoring.RawPoints;
using Orleans.Serialization;
using Prometheus;

namespace Monitoring.Partitions;

public sealed class PartitionCheckpointerTests
{
    private static readonly IndicatorDefinition Definition = Sample.Indicator(Sample.Rolling(TimeSpan.FromMinutes(5)), TimeSpan.FromMinutes(1));

    [Fact]
    public async Task FlushAsync_NodesAreCreatedMeanwhile_StoresThoseThatAppliedEntriesCreated()
    {
        var store = new CheckpointStore();
        var (checkpointer, applier) = Create(store);

        await checkpointer.FlushAsync(applier, TestContext.Current.CancellationToken);
        applier.Restore(entry: 6, at: 2_000);
        applier.NodeCount = 7;
        await checkpointer.FlushAsync(applier, TestContext.Current.CancellationToken);

        Assert.Equal([0, 1, 2], store.Checkpoints[0].Nodes.Select(node => node.Node.Number));
        Assert.All(store.Checkpoints[0].Nodes, node => Assert.NotNull(node.State));
        Assert.Equal([3, 4, 5, 6], store.Checkpoints[1].Nodes.Select(node => node.Node.Number));
        Assert.All(store.Checkpoints[1].Nodes, node => Assert.Null(node.State));
    }

    [Fact]
    public async Task FlushAsync_AnEarlierWriteDoesNotEnd_GivesUpWithItsToken()
    {
        var store = new HangingStore();
        var (checkpointer, applier) = Create(store);
        using var activation = new CancellationTokenSource();
        using var limit = new CancellationTokenSource();
        await checkpointer.RestAsync(applier, activation.Token);
        await store.Written;

        var flushing = checkpointer.FlushAsync(applier, limit.Token);
        Assert.False(flushing.IsCompleted);
        await limit.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => flushing.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        await activation.CancelAsync();
    }

    [Fact]
    public async Task RestAsync_ReplayGetsOnQuickly_StoresWhatItReachedEveryIntervalOfItsEntries()
    {
        var store = new CheckpointStore();
        var (checkpointer, applier) = Create(store, interval: TimeSpan.FromHours(1));

        foreach (var (entry, minutes) in new[] { (6, 0), (7, 59), (8, 60), (9, 61), (10, 119), (11, 121) })
        {
            applier.Restore(entry, at: (long)TimeSpan.FromMinutes(1 + minutes).TotalMilliseconds);
            await checkpointer.RestAsync(applier, TestContext.Current.CancellationToken);
        }

        Assert.Equal([8, 11], store.Checkpoints.Select(checkpoint => checkpoint.Entry));
    }

    [Fact]
    public async Task RestAsync_JournalsOfAllPartitionsGrowAlike_NoTwoStoreAtTheSameTime()
    {
        var first = new List<int>();
        foreach (var partition in Enumerable.Range(0, 16))
        {
            var store = new CheckpointStore();
            var (checkpointer, applier) = Create(store, TimeSpan.FromHours(1), partition, journalBytes: 1_600);
            var taken = new List<int>();
            for (var bytes = 10; taken.Count < 2; bytes += 10)
            {
                applier.Restore(entry: 5 + bytes, at: 1_000);
                applier.BytesSinceCheckpoint += 10;
                await checkpointer.RestAsync(applier, TestContext.Current.CancellationToken);
                if (store.Checkpoints.Count > taken.Count)
                {
                    taken.Add(bytes);
                }
            }

            first.Add(taken[0]);
            Assert.Equal(1_600, taken[1] - taken[0]);
        }

        first.Sort();
        Assert.InRange(first[^1], 1, 1_600);
        Assert.All(first.Zip(first.Skip(1), (one, next) => next - one), gap => Assert.InRange(gap, 50, 200));
    }

    /// <summary>A partition of three nodes that has applied five entries.</summary>
    private static (PartitionCheckpointer Checkpointer, PartitionApplier Applier) Create(
        IPartitionStore store, TimeSpan interval = default, int partition = 1, long journalBytes = 1_000_000)
    {
        var options = new PartitionOptions { MaxNodeCalls = 1, CheckpointInterval = interval, CheckpointJournalBytes = journalBytes };
        var (nodes, metrics, clock) = (new NodeTable(), new PartitionMetrics(Metrics.DefaultFactory), TimeProvider.System);
        for (var number = 0; number < 3; number++)
        {
            var slot = nodes.Add(new NodeKey(Definition.Code, $"{number}"));
            (slot.LastEntry, slot.IsDirty, slot.IsResident) = (5, true, true);
            slot.Grain = new CreatingNode(nodes);
        }

        nodes.Add(new NodeKey(Definition.Code, "waits-to-be-journaled"));
        var caller = new NodeCaller(1, 1, SiloAddress.Zero, grains: null!, store, nodeImages: null!, new ApplyTurns(options, () => 0), options, metrics);
        var exchange = new PartitionExchange(1, 1, grains: null!, new PartitionMap(4), options, clock) { Failed = _ => { }, Progressed = () => { } };
        var headers = new ServiceCollection().AddSerializer(builder => builder.AddAssembly(typeof(PartitionHeader).Assembly))
            .BuildServiceProvider().GetRequiredService<Serializer<PartitionHeader>>();
        var requests = new ShareRequests(grains: null!, new PartitionMap(4), options, clock) { Failed = _ => { } };
        var corrections = new CorrectionBook(metrics);
        var dictionary = new PartitionDictionary(new DictionarySnapshot { Version = 1, Indicators = [Definition] }, nodes);
        var checkpointer = new PartitionCheckpointer(
            partition, 1, nodes, new SenderTable(), dictionary, caller, exchange, requests, corrections, store, headers, options, new RawPointOptions(), clock,
            metrics, new PartitionHealth(clock, NullLogger<PartitionHealth>.Instance))
        {
            Failed = _ => { },
            Late = new LateBook(1, new HistoryOptions(), metrics),
            Stored = _ => { },
        };
        var applier = new PartitionApplier(
            journal: null!, nodes, new SenderTable(), caller, exchange, requests, corrections, dictionary, versions: null!, options, clock, metrics)
        {
            NodeCount = 3,
            Relieved = () => { },
            Rest = () => Task.CompletedTask,
            Flush = () => Task.CompletedTask,
        };
        applier.Restore(entry: 5, at: 1_000);
        return (checkpointer, applier);
    }

    /// <summary>A node that is so slow that a source creates another one before it answers.</summary>
    private sealed class CreatingNode(NodeTable nodes) : IIndicatorGrain
    {
        public ValueTask<NodeCheckpoint?> TakeCheckpointAsync(NodeVisit visit)
        {
            nodes.Add(new NodeKey(Definition.Code, $"{nodes.Count}"));
            return new(new NodeCheckpoint { State = [1], Clock = 1_000, Buckets = [] });
        }

        public ValueTask<NodeOutcome> ApplyAsync(NodeInput input) => throw new NotSupportedException();

        public ValueTask<NodeReading?> ReadAsync(long epoch, long lastEntry, IndicatorDefinition definition, long now) => throw new NotSupportedException();

        public ValueTask<BucketRow[]?> ReadBucketsAsync(long epoch, long lastEntry, long start, long end) => throw new NotSupportedException();

        public ValueTask<BucketRow[]?> ReadDaysAsync(long epoch, long lastEntry, long start, long end) => throw new NotSupportedException();
    }

    private sealed class CheckpointStore : PartitionStoreStub
    {
        public List<PartitionCheckpoint> Checkpoints { get; } = [];

        public override Task WriteCheckpointAsync(PartitionCheckpoint checkpoint, CancellationToken cancellationToken)
        {
            Checkpoints.Add(checkpoint);
            return Task.CompletedTask;
        }
    }

    private sealed class HangingStore : PartitionStoreStub
    {
        private readonly TaskCompletionSource _written = new();

        public Task Written => _written.Task;

        public override Task WriteCheckpointAsync(PartitionCheckpoint checkpoint, CancellationToken cancellationToken)
        {
            _written.TrySetResult();
            return Task.Delay(Timeout.Infinite, cancellationToken);
        }
    }
}
