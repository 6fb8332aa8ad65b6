using Microsoft.Extensions.Options;
using Monitoring.Indicators;
using Monitoring.Partitions;
using Monitoring.Storage;
using Monitoring.Storage.Sqlite;

namespace Monitoring.ClusterTests.Storage;

public sealed class SqlitePartitionStoreTests : IDisposable
{
    private const int Partition = 2;
    private static readonly NodeKey Key = new("orders.total", "north/7");
    private readonly SqliteFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task LoadAsync_AfterReopening_GivesWhatWasAppended()
    {
        await using (var database = _folder.Open())
        {
            var store = new SqlitePartitionStore(database);
            await store.ClaimAsync(Partition, 1, 0, Bytes(1), Cancel);
            await store.AppendAsync(Partition, 1, 2, Bytes(2), Cancel);
        }

        await using var reopened = _folder.Open();
        var image = await new SqlitePartitionStore(reopened).LoadAsync(Partition, Cancel);

        Assert.Equal([(1, 1), (2, 2)], image.Journal.Select(entry => ((int)entry.Sequence, (int)entry.Payload[0])));
        Assert.Null(image.Header);
    }

    [Fact]
    public async Task AppendAsync_ByActivationThatLostItsClaim_IsRefused()
    {
        await using var database = _folder.Open();
        var store = new SqlitePartitionStore(database);
        await store.ClaimAsync(Partition, 1, 0, Bytes(1), Cancel);
        await store.ClaimAsync(Partition, 2, 0, Bytes(2), Cancel);

        await Assert.ThrowsAsync<PartitionTakenOverException>(() => store.AppendAsync(Partition, 1, 2, Bytes(9), Cancel));
        await Assert.ThrowsAsync<PartitionTakenOverException>(() => store.AppendAsync(Partition, 1, 3, Bytes(9), Cancel));
        await Assert.ThrowsAsync<PartitionTakenOverException>(() => store.WriteCheckpointAsync(Checkpoint(1, 1), Cancel));

        var image = await store.LoadAsync(Partition, Cancel);
        Assert.Equal([1, 2], image.Journal.Select(entry => (int)entry.Payload[0]));
    }

    [Fact]
    public async Task AppendAsync_AfterCheckpointTrimmedTheJournal_StillRefusesTheOldActivation()
    {
        await using var database = _folder.Open();
        var store = new SqlitePartitionStore(database);
        await store.ClaimAsync(Partition, 1, 0, Bytes(1), Cancel);
        await store.ClaimAsync(Partition, 2, 0, Bytes(2), Cancel);
        await store.WriteCheckpointAsync(Checkpoint(2, 2), Cancel);

        await Assert.ThrowsAsync<PartitionTakenOverException>(() => store.AppendAsync(Partition, 1, 2, Bytes(9), Cancel));
        await Assert.ThrowsAsync<PartitionTakenOverException>(() => store.ClaimAsync(Partition, 2, 2, Bytes(9), Cancel));
    }

    [Fact]
    public async Task ClaimAsync_SequenceIsTaken_IsRefused()
    {
        await using var database = _folder.Open();
        var store = new SqlitePartitionStore(database);
        await store.ClaimAsync(Partition, 1, 0, Bytes(1), Cancel);
        await store.AppendAsync(Partition, 1, 2, Bytes(2), Cancel);

        await Assert.ThrowsAsync<PartitionTakenOverException>(() => store.ClaimAsync(Partition, 2, 0, Bytes(9), Cancel));
    }

    [Fact]
    public async Task AppendAsync_SameEntryAgain_IsWrittenOnce()
    {
        await using var database = _folder.Open();
        var store = new SqlitePartitionStore(database);
        await store.ClaimAsync(Partition, 1, 0, Bytes(1), Cancel);
        await store.AppendAsync(Partition, 1, 2, Bytes(2), Cancel);
        await store.AppendAsync(Partition, 1, 2, Bytes(2), Cancel);

        Assert.Equal(2, (await store.LoadAsync(Partition, Cancel)).Journal.Count);
    }

    [Fact]
    public async Task AppendAsync_ManyAtOnceAndOneRefused_OthersAreWritten()
    {
        await using var database = _folder.Open();
        var store = new SqlitePartitionStore(database);
        for (var partition = 0; partition < SqliteFolder.Partitions; partition++)
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
        await using var database = _folder.Open();
        var store = new SqlitePartitionStore(database);
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
        await using var database = _folder.Open();
        var store = new SqlitePartitionStore(database);
        await store.ClaimAsync(Partition, 1, 0, Bytes(1), Cancel);
        await store.WriteCheckpointAsync(Checkpoint(1, 1, Changed(number: 0, state: 5)), Cancel);
        var numberOnly = new CheckpointedNode(new StoredNode(0, Key, 0, 0, long.MaxValue), null, []);
        await store.WriteCheckpointAsync(Checkpoint(1, 2, numberOnly), Cancel);

        var image = await store.LoadAsync(Partition, Cancel);

        Assert.Equal([new StoredNode(0, Key, 2, 1_000, 2_000)], image.Nodes);
    }

    [Fact]
    public async Task WriteCheckpointAsync_Additions_AreMergedAndOthersReplace()
    {
        await using var database = _folder.Open();
        var store = new SqlitePartitionStore(database);
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
        await using var database = _folder.Open();
        var store = new SqlitePartitionStore(database);
        await store.ClaimAsync(Partition, 1, 0, Bytes(1), Cancel);
        var checkpoint = Checkpoint(1, 1, Changed(0, 5, Row(60_000, isAddition: true, 1)));
        await store.WriteCheckpointAsync(checkpoint, Cancel);
        await store.WriteCheckpointAsync(checkpoint, Cancel);

        Assert.Equal(1, Assert.Single(await store.ReadBucketsAsync(Key, 60_000, 0, long.MaxValue, Cancel)).Aggregate.Count);
    }

    [Fact]
    public async Task ClaimAsync_CheckpointWasTakenSinceLoading_IsRefused()
    {
        await using var database = _folder.Open();
        var store = new SqlitePartitionStore(database);
        await store.ClaimAsync(Partition, 1, 0, Bytes(1), Cancel);
        await store.WriteCheckpointAsync(Checkpoint(1, 1), Cancel);

        await Assert.ThrowsAsync<PartitionTakenOverException>(() => store.ClaimAsync(Partition, 2, 0, Bytes(9), Cancel));
        await store.ClaimAsync(Partition, 2, 1, Bytes(2), Cancel);
    }

    [Fact]
    public async Task LoadNodesAsync_GivesStateAndTheBucketsAskedFor_InOrder()
    {
        await using var database = _folder.Open();
        var store = new SqlitePartitionStore(database);
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
        await using var database = _folder.Open();
        var store = new SqlitePartitionStore(database);
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
        await using var database = _folder.Open();
        var store = new SqlitePartitionStore(database);
        await store.ClaimAsync(Partition, 1, 0, Bytes(1), Cancel);
        var met = Aggregate.Merge(Of(double.MaxValue, double.MaxValue), Of(-double.MaxValue, -double.MaxValue));
        var row = new BucketRow { Resolution = 60_000, Start = 0, Aggregate = met, IsAddition = false };
        await store.WriteCheckpointAsync(Checkpoint(1, 1, Changed(0, 5, row, Row(60_000, false, 1))), Cancel);

        var buckets = await store.ReadBucketsAsync(Key, 60_000, 0, long.MaxValue, Cancel);

        Assert.Equal([4L, 1L], buckets.Select(bucket => bucket.Aggregate.Count));
        Assert.Null(buckets[0].Aggregate.Read(Statistic.Sum));
    }

    [Fact]
    public async Task WriteAsync_FailsHalfway_UndoesAllOfItAndNothingElse()
    {
        await using var database = _folder.Open();
        var store = new SqlitePartitionStore(database);
        var broken = database.WriteAsync(
            (connection, transaction) =>
            {
                connection.Execute(transaction, "INSERT INTO settings (name, value) VALUES ('half', 'done')");
                throw new InvalidOperationException("halfway");
            },
            Cancel);
        var claim = store.ClaimAsync(Partition, 1, 0, Bytes(1), Cancel);

        await Assert.ThrowsAsync<InvalidOperationException>(() => broken);
        await claim;

        Assert.Null(await database.ReadAsync(
            (connection, transaction) => connection.Scalar(transaction, "SELECT 1 FROM settings WHERE name = 'half'"), Cancel));
        Assert.Single((await store.LoadAsync(Partition, Cancel)).Journal);
    }

    [Fact]
    public async Task Open_FolderInUse_SaysWhatToDo()
    {
        await using var database = _folder.Open();

        var refusal = Assert.Throws<StorageException>(() => _folder.Open());

        Assert.Contains("in use by another process", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Storage:DataFolder", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FolderIsAFile_SaysWhatToDo()
    {
        var file = Path.Combine(_folder.Folder, "file");
        File.WriteAllText(file, string.Empty);
        var database = new SqliteDatabase(Options.Create(new StorageOptions { DataFolder = file }));

        var refusal = Assert.Throws<StorageException>(() => database.Open(SqliteFolder.Partitions));

        Assert.Contains("cannot be written to", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Storage:DataFolder", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_OtherNumberOfPartitions_SaysWhatToDo()
    {
        await _folder.Open().DisposeAsync();

        var refusal = Assert.Throws<StorageException>(() => _folder.Open(partitions: 5));

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
