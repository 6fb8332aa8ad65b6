using System.Collections.Concurrent;
using Monitoring.Indicators;
using Monitoring.Partitions;
using Monitoring.Storage;

namespace Monitoring.ClusterTests.Storage;

/// <summary>What every storage engine must keep of partitions.</summary>
public abstract class PartitionStoreTests(TestStorage storage) : IAsyncDisposable
{
    private const int Partition = 2;
    private static readonly NodeKey Key = new("orders.total", "north/7");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await storage.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task LoadAsync_AfterReopening_GivesWhatWasAppended()
    {
        await using (var opened = await storage.OpenAsync())
        {
            var store = opened.Partitions;
            await store.ClaimAsync(Partition, 1, 0, Bytes(1), Cancel);
            await store.AppendAsync(Partition, 1, 2, Bytes(2), Cancel);
        }

        await using var reopened = await storage.OpenAsync();
        var image = await reopened.Partitions.LoadAsync(Partition, Cancel);

        Assert.Equal([(1, 1), (2, 2)], image.Journal.Select(entry => ((int)entry.Sequence, (int)entry.Payload[0])));
        Assert.Null(image.Header);
    }

    [Fact]
    public async Task AppendAsync_ByActivationThatLostItsClaim_IsRefused()
    {
        await using var opened = await storage.OpenAsync();
        var store = opened.Partitions;
        await store.ClaimAsync(Partition, 1, 0, Bytes(1), Cancel);
        await store.ClaimAsync(Partition, 2, 0, Bytes(2), Cancel);

        await Assert.ThrowsAsync<PartitionTakenOverException>(() => store.AppendAsync(Partition, 1, 2, Bytes(9), Cancel));
        await Assert.ThrowsAsync<PartitionTakenOverException>(() => store.AppendAsync(Partition, 1, 3, Bytes(9), Cancel));
        await Assert.ThrowsAsync<PartitionTakenOverException>(() => store.WriteCheckpointAsync(Checkpoint(1, 1), Cancel));

        Assert.Equal([1, 2], (await store.LoadAsync(Partition, Cancel)).Journal.Select(entry => (int)entry.Payload[0]));
    }

    [Fact]
    public async Task AppendAsync_AfterCheckpointTrimmedTheJournal_StillRefusesTheOldActivation()
    {
        await using var opened = await storage.OpenAsync();
        var store = opened.Partitions;
        await store.ClaimAsync(Partition, 1, 0, Bytes(1), Cancel);
        await store.ClaimAsync(Partition, 2, 0, Bytes(2), Cancel);
        await store.WriteCheckpointAsync(Checkpoint(2, 2), Cancel);

        await Assert.ThrowsAsync<PartitionTakenOverException>(() => store.AppendAsync(Partition, 1, 2, Bytes(9), Cancel));
        await Assert.ThrowsAsync<PartitionTakenOverException>(() => store.ClaimAsync(Partition, 2, 2, Bytes(9), Cancel));
    }

    [Fact]
    public async Task ClaimAsync_SequenceIsTaken_IsRefused()
    {
        await using var opened = await storage.OpenAsync();
        var store = opened.Partitions;
        await store.ClaimAsync(Partition, 1, 0, Bytes(1), Cancel);
        await store.AppendAsync(Partition, 1, 2, Bytes(2), Cancel);

        await Assert.ThrowsAsync<PartitionTakenOverException>(() => store.ClaimAsync(Partition, 2, 0, Bytes(9), Cancel));
    }

    [Fact]
    public async Task AppendAsync_SameEntryAgain_IsWrittenOnce()
    {
        await using var opened = await storage.OpenAsync();
        var store = opened.Partitions;
        await store.ClaimAsync(Partition, 1, 0, Bytes(1), Cancel);
        await store.AppendAsync(Partition, 1, 2, Bytes(2), Cancel);
        await store.AppendAsync(Partition, 1, 2, Bytes(2), Cancel);

        Assert.Equal(2, (await store.LoadAsync(Partition, Cancel)).Journal.Count);
    }

    [Fact]
    public async Task AppendAsync_ManyAtOnceAndOneRefused_OthersAreWritten()
    {
        await using var opened = await storage.OpenAsync();
        var store = opened.Partitions;
        for (var partition = 0; partition < TestStorage.Partitions; partition++)
        {
            await store.ClaimAsync(partition, 1, 0, Bytes(1), Cancel);
        }

        var appends = Enumerable.Range(0, 400)
            .Select(index => store.AppendAsync(index % 4, index == 201 ? 7 : 1, 2 + (index / 4), Bytes(3), Cancel))
            .ToArray();
        await Assert.ThrowsAsync<PartitionTakenOverException>(() => Task.WhenAll(appends));

        Assert.Equal([201], Enumerable.Range(0, 400).Where(index => appends[index].IsFaulted));
        Assert.Equal(101, (await store.LoadAsync(0, Cancel)).Journal.Count);
        Assert.Equal(100, (await store.LoadAsync(1, Cancel)).Journal.Count);
    }

    [Fact]
    public async Task WriteCheckpointAsync_CoversPartOfTheJournal_TheRestStays()
    {
        await using var opened = await storage.OpenAsync();
        var store = opened.Partitions;
        await store.ClaimAsync(Partition, 1, 0, Bytes(1), Cancel);
        await store.AppendAsync(Partition, 1, 2, Bytes(2), Cancel);
        await store.AppendAsync(Partition, 1, 3, Bytes(3), Cancel);
        await store.WriteCheckpointAsync(Checkpoint(1, 2, Changed(number: 0, state: 5)), Cancel);

        var image = await store.LoadAsync(Partition, Cancel);

        Assert.Equal(2, image.Entry);
        Assert.Equal(Bytes(42), image.Header);
        Assert.Equal([3L], image.Journal.Select(entry => entry.Sequence));
        Assert.Equal([new StoredNode(0, Key, 2, 1_000, 2_000)], image.Nodes);
    }

    [Fact]
    public async Task WriteCheckpointAsync_NodeWithoutState_KeepsWhatIsStored()
    {
        await using var opened = await storage.OpenAsync();
        var store = opened.Partitions;
        await store.ClaimAsync(Partition, 1, 0, Bytes(1), Cancel);
        await store.WriteCheckpointAsync(Checkpoint(1, 1, Changed(number: 0, state: 5)), Cancel);
        var numberOnly = new CheckpointedNode(new StoredNode(0, Key, 0, 0, long.MaxValue), null, []);
        await store.WriteCheckpointAsync(Checkpoint(1, 2, numberOnly), Cancel);

        Assert.Equal([new StoredNode(0, Key, 2, 1_000, 2_000)], (await store.LoadAsync(Partition, Cancel)).Nodes);
    }

    [Fact]
    public async Task WriteCheckpointAsync_Additions_AreMergedAndOthersReplace()
    {
        await using var opened = await storage.OpenAsync();
        var store = opened.Partitions;
        await store.ClaimAsync(Partition, 1, 0, Bytes(1), Cancel);
        await store.WriteCheckpointAsync(
            Checkpoint(1, 1, Changed(0, 5, Row(60_000, isAddition: false, 1, 2), Row(120_000, isAddition: false, 3))), Cancel);
        await store.WriteCheckpointAsync(
            Checkpoint(1, 2, Changed(0, 6, Row(60_000, isAddition: true, 10), Row(120_000, isAddition: false, 4), Row(0, isAddition: true, 8))), Cancel);

        var buckets = await store.ReadBucketsAsync(Key, 60_000, 0, long.MaxValue, Cancel);

        Assert.Equal(
            [(0L, 1L, 8.0), (60_000L, 3L, 13.0), (120_000L, 1L, 4.0)],
            buckets.Select(bucket => (bucket.Start, bucket.Aggregate.Count, bucket.Aggregate.Sum)));
    }

    [Fact]
    public async Task WriteCheckpointAsync_SameCheckpointAgain_AddsOnce()
    {
        await using var opened = await storage.OpenAsync();
        var store = opened.Partitions;
        await store.ClaimAsync(Partition, 1, 0, Bytes(1), Cancel);
        var checkpoint = Checkpoint(1, 1, Changed(0, 5, Row(60_000, isAddition: true, 1)));
        await store.WriteCheckpointAsync(checkpoint, Cancel);
        await store.WriteCheckpointAsync(checkpoint, Cancel);

        Assert.Equal(1, Assert.Single(await store.ReadBucketsAsync(Key, 60_000, 0, long.MaxValue, Cancel)).Aggregate.Count);
    }

    [Fact]
    public async Task ClaimAsync_CheckpointWasTakenSinceLoading_IsRefused()
    {
        await using var opened = await storage.OpenAsync();
        var store = opened.Partitions;
        await store.ClaimAsync(Partition, 1, 0, Bytes(1), Cancel);
        await store.WriteCheckpointAsync(Checkpoint(1, 1), Cancel);

        await Assert.ThrowsAsync<PartitionTakenOverException>(() => store.ClaimAsync(Partition, 2, 0, Bytes(9), Cancel));
        await store.ClaimAsync(Partition, 2, 1, Bytes(2), Cancel);
    }

    [Fact]
    public async Task LoadNodesAsync_GivesStateAndTheBucketsAskedFor_InOrder()
    {
        await using var opened = await storage.OpenAsync();
        var store = opened.Partitions;
        await store.ClaimAsync(Partition, 1, 0, Bytes(1), Cancel);
        var day = new BucketRow { Resolution = BucketRow.DayResolution, Start = 0, Aggregate = Of(9), IsAddition = false };
        await store.WriteCheckpointAsync(
            Checkpoint(1, 1, Changed(0, 5, Row(60_000, false, 1), Row(120_000, false, 2), day)), Cancel);

        var images = await store.LoadNodesAsync(
            Partition, [new NodeLoad(7, new NodeKey("x", ""), 60_000, 0, 0), new NodeLoad(0, Key, 60_000, 120_000, 0)], Cancel);

        Assert.Null(images[0].State);
        Assert.Empty(images[0].Buckets);
        Assert.Equal(Bytes(5), images[1].State);
        Assert.Equal(
            [(60_000L, 120_000L), (BucketRow.DayResolution, 0L)], images[1].Buckets.Select(row => (row.Resolution, row.Start)));
    }

    [Fact]
    public async Task ReadBucketsAsync_SumLeftTheRangeOfADouble_StaysReadable()
    {
        await using var opened = await storage.OpenAsync();
        var store = opened.Partitions;
        await store.ClaimAsync(Partition, 1, 0, Bytes(1), Cancel);
        await store.WriteCheckpointAsync(Checkpoint(1, 1, Changed(0, 5, Row(0, false, double.MaxValue, double.MaxValue))), Cancel);

        var bucket = Assert.Single(await store.ReadBucketsAsync(Key, 60_000, 0, 1, Cancel));

        Assert.Equal(2, bucket.Aggregate.Count);
        Assert.Null(bucket.Aggregate.Read(Statistic.Sum));
        Assert.Equal(double.MaxValue, bucket.Aggregate.Max);
    }

    [Fact]
    public async Task WriteCheckpointAsync_InfinitiesOfBothSignsMet_IsStoredWhole()
    {
        await using var opened = await storage.OpenAsync();
        var store = opened.Partitions;
        await store.ClaimAsync(Partition, 1, 0, Bytes(1), Cancel);
        var met = Aggregate.Merge(Of(double.MaxValue, double.MaxValue), Of(-double.MaxValue, -double.MaxValue));
        var row = new BucketRow { Resolution = 60_000, Start = 0, Aggregate = met, IsAddition = false };
        await store.WriteCheckpointAsync(Checkpoint(1, 1, Changed(0, 5, row, Row(60_000, false, 1))), Cancel);

        var buckets = await store.ReadBucketsAsync(Key, 60_000, 0, long.MaxValue, Cancel);

        Assert.Equal([4L, 1L], buckets.Select(bucket => bucket.Aggregate.Count));
        Assert.Null(buckets[0].Aggregate.Read(Statistic.Sum));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task ClaimAsync_ManyActivationsAtOnce_NothingAcknowledgedIsLostOrDoubled(int seed)
    {
        await using var opened = await storage.OpenAsync();
        var acknowledged = new ConcurrentDictionary<long, byte>();
        var activations = Enumerable.Range(0, 6).Select(async number =>
        {
            for (var life = 0; life < 10; life++)
            {
                await new RacingActivation(opened.Partitions, Partition, (seed * 1_000) + (number * 100) + life, acknowledged).RunAsync(20, Cancel);
            }
        });
        await Task.WhenAll(activations);

        var stored = RacingActivation.Covered(await opened.Partitions.LoadAsync(Partition, Cancel));
        Assert.NotEmpty(acknowledged);
        Assert.Equal(acknowledged.OrderBy(entry => entry.Key).Select(entry => entry.Value), stored);
    }

    [Fact]
    public async Task WriteCheckpointAsync_ManyNodes_AllComeBack()
    {
        await using var opened = await storage.OpenAsync();
        var store = opened.Partitions;
        await store.ClaimAsync(Partition, 1, 0, Bytes(1), Cancel);
        var nodes = Enumerable.Range(0, 21_000)
            .Select(number => new CheckpointedNode(new StoredNode(number, new NodeKey("orders", $"n{number}"), 1, 2, 3), [(byte)number], [Row(0, true, number)]))
            .ToArray();
        await store.WriteCheckpointAsync(Checkpoint(1, 1, nodes), Cancel);
        await store.WriteCheckpointAsync(Checkpoint(1, 2, nodes), Cancel);

        var loaded = await store.LoadNodesAsync(
            Partition, [.. nodes.Select(node => new NodeLoad(node.Node.Number, node.Node.Key, 60_000, 0, long.MaxValue))], Cancel);

        Assert.Equal(nodes.Select(node => node.Node), (await store.LoadAsync(Partition, Cancel)).Nodes);
        Assert.Equal(
            nodes.Select(node => (node.State![0], 2L, 2.0 * node.Node.Number)),
            loaded.Select(node => (node.State![0], node.Buckets[0].Aggregate.Count, node.Buckets[0].Aggregate.Sum)));
    }

    [Fact]
    public async Task OpenAsync_OtherNumberOfPartitions_SaysWhatToDo()
    {
        await (await storage.OpenAsync()).DisposeAsync();

        var refusal = await Assert.ThrowsAsync<StorageException>(() => storage.OpenAsync(partitions: 5));

        Assert.Contains("set Partitions:Count to 4", refusal.Message, StringComparison.Ordinal);
    }

    private static byte[] Bytes(byte value) => [value];

    private static Aggregate Of(params double[] values) =>
        values.Select((value, index) => new Aggregate(1_000 + index, value)).Aggregate(default(Aggregate), (left, right) => Aggregate.Merge(left, right));

    private static BucketRow Row(long start, bool isAddition, params double[] values) =>
        new() { Resolution = 60_000, Start = start, Aggregate = Of(values), IsAddition = isAddition };

    private static CheckpointedNode Changed(int number, byte state, params BucketRow[] rows) =>
        new(new StoredNode(number, Key, 2, 1_000, 2_000), Bytes(state), rows);

    private static PartitionCheckpoint Checkpoint(long epoch, long entry, params CheckpointedNode[] nodes) =>
        new(Partition, epoch, entry, Bytes(42), nodes);
}
