using Monitoring.Indicators;
using Monitoring.LatePoints;
using Monitoring.Partitions;

namespace Monitoring.ClusterTests.Storage;

/// <summary>What every storage engine must keep of late points.</summary>
public abstract class LateStoreTests(TestStorage storage) : IAsyncLifetime
{
    private const int Partition = 2;
    private OpenStorage _open = null!;
    private IPartitionStore _partitions = null!;
    private ILateStore _store = null!;

    public async ValueTask InitializeAsync()
    {
        _open = await storage.OpenAsync();
        (_partitions, _store) = (_open.Partitions, _open.Late);
    }

    public async ValueTask DisposeAsync()
    {
        await _open.DisposeAsync();
        await storage.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReadAsync_AfterCheckpoints_GivesThePointsInOrderWithWhatBecameOfThem()
    {
        await ClaimAsync();
        await WriteAsync(1, [Point(1, 0), Point(1, 1, "south")], []);
        await WriteAsync(2, [Point(2, 0)], [new LateId(Partition, 1, 1), new LateId(Partition, 2, 0)]);

        var points = await _store.ReadAsync(Partition, new LateSelection { Limit = 10 }, Cancel);

        Assert.Equal(
            [Point(1, 0), Point(1, 1, "south") with { State = LateState.Reinjected }, Point(2, 0) with { State = LateState.Reinjected }], points);
        Assert.Empty(await _store.ReadAsync(Partition + 1, new LateSelection { Limit = 10 }, Cancel));
    }

    [Fact]
    public async Task ReadAsync_Selected_GivesWhatMatchesBehindAPlace()
    {
        await ClaimAsync();
        await WriteAsync(1, [.. Enumerable.Range(0, 8).Select(index => Point(1, index, index % 2 == 0 ? "north/7" : "northern"))], []);

        async Task<IEnumerable<int>> FindAsync(LateSelection selection) =>
            (await _store.ReadAsync(Partition, selection, Cancel)).Select(point => point.Id.Index);

        Assert.Equal([0, 2, 4, 6], await FindAsync(new LateSelection { PathPrefix = "north", Limit = 10 }));
        Assert.Equal([4, 6], await FindAsync(new LateSelection { PathPrefix = "north", After = new LateId(Partition, 1, 3), Limit = 2 }));
        Assert.Equal([5, 6], await FindAsync(new LateSelection { ReceivedFrom = 1_005, ReceivedUntil = 1_007, Limit = 10 }));
        Assert.Empty(await FindAsync(new LateSelection { Code = "other", Limit = 10 }));
    }

    [Fact]
    public async Task FindAsync_SomeAreKept_GivesThose()
    {
        await ClaimAsync();
        await WriteAsync(1, [Point(1, 0), Point(1, 1)], []);

        var found = await _store.FindAsync(Partition, [new LateId(Partition, 1, 1), new LateId(Partition, 7, 0)], Cancel);

        Assert.Equal([Point(1, 1)], found);
    }

    [Fact]
    public async Task TrimAsync_OldAndTooMany_LetsTheOldestGo()
    {
        await ClaimAsync();
        await WriteAsync(1, [.. Enumerable.Range(0, 10).Select(index => Point(1, index))], []);

        Assert.Equal(new LateTrim(0, 0), await _store.TrimAsync(Partition, epoch: 9, receivedBefore: 2_000, maxKept: 1, Cancel));
        Assert.Equal(new LateTrim(3, 2), await _store.TrimAsync(Partition, epoch: 1, receivedBefore: 1_003, maxKept: 5, Cancel));
        Assert.Equal(new LateTrim(0, 0), await _store.TrimAsync(Partition, epoch: 1, receivedBefore: 1_003, maxKept: 5, Cancel));

        var left = await _store.ReadAsync(Partition, new LateSelection { Limit = 10 }, Cancel);
        Assert.Equal([5, 6, 7, 8, 9], left.Select(point => point.Id.Index));
    }

    private Task ClaimAsync() => _partitions.ClaimAsync(Partition, 1, 0, new byte[] { 1 }, Cancel);

    private Task WriteAsync(long entry, LatePoint[] kept, LateId[] reinjected) => _partitions.WriteCheckpointAsync(
        new PartitionCheckpoint(Partition, 1, entry, [0], []) { Late = new LateChanges(kept, reinjected) }, Cancel);

    private static LatePoint Point(long entry, int index, string path = "north/7") => new()
    {
        Id = new LateId(Partition, entry, index),
        Key = new NodeKey("orders.total", path),
        Time = 500 + index,
        Value = 2.5,
        Source = "till",
        ReceivedAt = (1_000 * entry) + index,
        AllowedLateness = 86_400_000,
    };
}

public sealed class SqliteLateStoreTests() : LateStoreTests(new SqliteFolder());

public sealed class PostgreSqlLateStoreTests() : LateStoreTests(new PostgreSqlStorage());
