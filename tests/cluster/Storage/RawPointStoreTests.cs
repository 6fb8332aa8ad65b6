using Monitoring.Indicators;
using Monitoring.Partitions;
using Monitoring.RawPoints;

namespace Monitoring.ClusterTests.Storage;

/// <summary>What every storage engine must keep of raw points and corrections.</summary>
public abstract class RawPointStoreTests(TestStorage storage) : IAsyncDisposable
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
    public async Task LoadHistoryAsync_GivesWhatTheSpansHaveInCommonOnce()
    {
        await using var opened = await storage.OpenAsync();
        var store = opened.Partitions;
        await store.ClaimAsync(Partition, 1, 0, Bytes(1), Cancel);
        var changed = Changed(Row(60_000, 1), Row(120_000, 2), Row(180_000, 3), Row(0, 9, BucketRow.DayResolution));
        await store.WriteCheckpointAsync(
            Checkpoint(1, changed with { Chunks = [Chunk(0, 10, 70_000), Chunk(1, 119_999, 119_999), Chunk(2, 65_000, 200_000)] }), Cancel);
        var span = new HistorySpan { BucketsFrom = 60_000, BucketsUntil = 180_000, DaysFrom = 0, DaysUntil = 1, RawFrom = 70_000, RawUntil = 119_999 };
        var bucket = new HistorySpan { BucketsFrom = 120_000, BucketsUntil = 180_000 };

        var histories = await store.LoadHistoryAsync(
            Partition, [new HistoryLoad(7, 60_000, [span]), new HistoryLoad(0, 60_000, [span, bucket]), new HistoryLoad(0, 60_000, [bucket])], Cancel);

        Assert.Empty(histories[0].Buckets);
        Assert.Empty(histories[0].Chunks);
        Assert.Equal(
            [(60_000L, 60_000L), (60_000L, 120_000L), (BucketRow.DayResolution, 0L)],
            histories[1].Buckets.Select(row => (row.Resolution, row.Start)));
        Assert.Equal([0L, 2L], histories[1].Chunks.Select(chunk => chunk.Sequence));
        Assert.Equal((10L, 70_000L, 3, 0), (histories[1].Chunks[0].MinTime, histories[1].Chunks[0].MaxTime, histories[1].Chunks[0].Count, histories[1].Chunks[0].Payload[0]));
        Assert.Equal(2, Assert.Single(histories[2].Buckets).Aggregate.Sum);
        Assert.Empty(histories[2].Chunks);
    }

    [Fact]
    public async Task ListCorrectionsAsync_GivesThoseBehindAPlaceInOrder()
    {
        await using var opened = await storage.OpenAsync();
        var store = opened.Partitions;
        await store.ClaimAsync(Partition, 1, 0, Bytes(1), Cancel);
        Correction[] made = [Correction(3, 0, 1_000), Correction(3, 2, 1_000), Correction(4, 1, 2_000), Correction(5, 0, 3_000)];
        await store.WriteCheckpointAsync(Checkpoint(1, Changed()) with { Corrections = made }, Cancel);
        var query = new CorrectionQuery { Key = Key, Since = 0, AfterEntry = 0, AfterPosition = -1, Limit = 10 };

        var all = await store.ListCorrectionsAsync(query, Cancel);

        Assert.Equal(made.Select(one => (one.Entry, one.Position)), all.Select(one => (one.Entry, one.Position)));
        Assert.Equal((Key, 61_000, 4.5, 2, "till", 1_000, 7), (all[0].Key, all[0].Time, all[0].Value, all[0].OldCount, all[0].Source, all[0].RecordedAt, all[0].DictionaryVersion));
        Assert.Equal([1.25, -3], all[0].OldValues);
        Assert.Equal(
            [(3L, 2), (4L, 1)],
            (await store.ListCorrectionsAsync(query with { AfterEntry = 3, AfterPosition = 0, Limit = 2 }, Cancel)).Select(one => (one.Entry, one.Position)));
        Assert.Equal([4L, 5L], (await store.ListCorrectionsAsync(query with { Since = 2_000 }, Cancel)).Select(one => one.Entry));
        Assert.Empty(await store.ListCorrectionsAsync(query with { Key = new NodeKey("x", "") }, Cancel));
    }

    [Fact]
    public async Task WriteCheckpointAsync_Trims_LetsGoWhatIsOldStepByStep()
    {
        await using var opened = await storage.OpenAsync();
        var store = opened.Partitions;
        await store.ClaimAsync(Partition, 1, 0, Bytes(1), Cancel);
        var changed = Changed() with { Chunks = [Chunk(0, 1, 10), Chunk(1, 1, 20), Chunk(2, 1, 30)] };
        await store.WriteCheckpointAsync(Checkpoint(1, changed) with { Corrections = [Correction(1, 0, 100), Correction(1, 1, 200)] }, Cancel);
        var trim = new HistoryTrim(RawBefore: 30, CorrectionsBefore: 200, MaxRows: 1);

        await store.WriteCheckpointAsync(Checkpoint(2) with { Trim = trim }, Cancel);
        Assert.Equal(2, await CountChunksAsync(store));
        await store.WriteCheckpointAsync(Checkpoint(3) with { Trim = trim }, Cancel);
        await store.WriteCheckpointAsync(Checkpoint(4) with { Trim = trim }, Cancel);

        Assert.Equal(1, await CountChunksAsync(store));
        var query = new CorrectionQuery { Key = Key, Since = 0, AfterEntry = 0, AfterPosition = -1, Limit = 10 };
        Assert.Equal(200, Assert.Single(await store.ListCorrectionsAsync(query, Cancel)).RecordedAt);
    }

    private static async Task<int> CountChunksAsync(IPartitionStore store)
    {
        var load = new HistoryLoad(0, 60_000, [new HistorySpan { RawFrom = 0, RawUntil = long.MaxValue }]);
        return (await store.LoadHistoryAsync(Partition, [load], Cancel))[0].Chunks.Length;
    }

    private static byte[] Bytes(byte value) => [value];

    private static BucketRow Row(long start, double value, long resolution = 60_000) =>
        new() { Resolution = resolution, Start = start, Aggregate = new Aggregate(1_000, value), IsAddition = false };

    private static CheckpointedNode Changed(params BucketRow[] rows) => new(new StoredNode(0, Key, 2, 1_000, 2_000), Bytes(5), rows);

    private static PartitionCheckpoint Checkpoint(long entry, params CheckpointedNode[] nodes) => new(Partition, 1, entry, Bytes(42), nodes);

    private static RawChunk Chunk(long sequence, long minTime, long maxTime) =>
        new() { Sequence = sequence, MinTime = minTime, MaxTime = maxTime, Count = 3, Payload = Bytes((byte)sequence) };

    private static Correction Correction(long entry, int position, long recordedAt) => new()
    {
        Key = Key,
        Entry = entry,
        Position = position,
        Time = 61_000,
        Value = 4.5,
        OldValues = [1.25, -3],
        OldCount = 2,
        Source = "till",
        RecordedAt = recordedAt,
        DictionaryVersion = 7,
    };
}
