using Monitoring.History;
using Monitoring.Indicators;
using Monitoring.Partitions;
using Monitoring.Storage;
using Monitoring.Storage.PostgreSql;
using Monitoring.Storage.Sqlite;
using Npgsql;

namespace Monitoring.ClusterTests.Storage;

/// <summary>What every storage engine must keep of history at several widths.</summary>
public abstract class HistoryStoreTests(TestStorage storage) : IAsyncLifetime
{
    private const int Partition = 2;
    private const long Minute = 60_000;
    private const long Hour = 60 * Minute;
    private const long Day = 24 * Hour;
    private static readonly NodeKey Key = new("orders.total", "north/7");
    private OpenStorage _open = null!;
    private IPartitionStore _store = null!;

    public async ValueTask InitializeAsync()
    {
        _open = await storage.OpenAsync();
        _store = _open.Partitions;
    }

    public async ValueTask DisposeAsync()
    {
        await _open.DisposeAsync();
        await storage.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WriteCheckpointAsync_BucketsGrow_GrowsCoarseOnesByTheSame()
    {
        await ClaimAsync();
        await WriteAsync(1, Row(0, (1, 5), (2, 7)), Row(Minute, (Minute, 1)));
        await WriteAsync(2, Row(0, (1, 5), (2, 7), (3, 100)), Row(Hour, (Hour, 2)), Row(61 * Minute, (61 * Minute, -4)) with { IsAddition = true });
        await WriteAsync(3, Row(61 * Minute, (61 * Minute + 1, 6)) with { IsAddition = true });

        Assert.Equal([(0, 4, 113, 1, 100, 5, 1), (Hour, 3, 4, -4, 6, 2, 6)], await ReadAsync(Hour));
        Assert.Equal([(0, 7, 117, -4, 100, 5, 6)], await ReadAsync(Day));
        Assert.Equal([(0, 3, 112), (Minute, 1, 1), (Hour, 1, 2), (61 * Minute, 2, 2)], (await ReadAsync(Minute)).Select(row => (row.Start, row.Count, row.Sum)));
    }

    [Fact]
    public async Task WriteCheckpointAsync_SameOneAgain_AddsNothing()
    {
        await ClaimAsync();
        await WriteAsync(1, Row(0, (1, 5)) with { IsAddition = true });
        await WriteAsync(1, Row(0, (1, 5)) with { IsAddition = true });

        Assert.Equal([(0, 1, 5, 5, 5, 5, 5)], await ReadAsync(Day));
    }

    [Fact]
    public async Task WriteCheckpointAsync_BucketIsRestated_RestatesCoarseOnes()
    {
        await ClaimAsync();
        await WriteAsync(1, Row(0, (1, 5), (2, 100)), Row(Minute, (Minute, 7)));
        await WriteAsync(2, Row(0, (1, 5), (2, 10)));

        Assert.Equal([(0, 3, 22, 5, 10, 5, 7)], await ReadAsync(Hour));
        Assert.Equal([(0, 3, 22, 5, 10, 5, 7)], await ReadAsync(Day));
    }

    [Fact]
    public async Task TrimBucketsAsync_OldOnes_GoInStepsAndOnlyForTheActivationThatMayWrite()
    {
        await ClaimAsync();
        await WriteAsync(1, [.. Enumerable.Range(0, 10).Select(minute => Row(minute * Minute, (minute * Minute, 1)))]);
        var history = _open.History;
        BucketTrim[] trims = [new(0, Minute, 5 * Minute)];

        Assert.Equal(0, await history.TrimBucketsAsync(Partition, epoch: 9, trims, maxOfEach: 3, Cancel));
        Assert.Equal(3, await history.TrimBucketsAsync(Partition, epoch: 1, trims, maxOfEach: 3, Cancel));
        Assert.Equal(2, await history.TrimBucketsAsync(Partition, epoch: 1, trims, maxOfEach: 3, Cancel));
        Assert.Equal(0, await history.TrimBucketsAsync(Partition, epoch: 1, trims, maxOfEach: 3, Cancel));

        Assert.Equal(Enumerable.Range(5, 5).Select(minute => minute * Minute), (await ReadAsync(Minute)).Select(row => row.Start));
        Assert.Equal([(0, 10, 10)], (await ReadAsync(Day)).Select(row => (row.Start, row.Count, row.Sum)));
    }

    /// <summary>A folder of the time before coarse buckets gets them when it is opened.</summary>
    [Fact]
    public async Task Migrate_BucketsWithoutCoarseOnes_MakesThem()
    {
        await ClaimAsync();
        await WriteAsync(1, Row(0, (1, 5), (2, 7)), Row(Minute, (Minute, 1)), Row(Hour, (Hour, 2), (Hour, 9)), Row(Day, (Day, 4)));
        var (hours, days) = (await ReadAsync(Hour), await ReadAsync(Day));
        await RunAsync($"DELETE FROM bucket_rows WHERE resolution > {Minute}");

        await RunAsync(MigrationScripts.Of(_open.Engine is SqliteDatabase ? "Sqlite" : "PostgreSql", "Schema")[3]);

        Assert.Equal(3, hours.Count);
        Assert.Equal(hours, await ReadAsync(Hour));
        Assert.Equal(days, await ReadAsync(Day));
    }

    private Task RunAsync(string sql) => _open.Engine switch
    {
        SqliteDatabase database => database.WriteAsync((connection, transaction) => connection.Execute(transaction, sql), Cancel),
        PostgreSqlDatabase database => database.AppendAsync([new NpgsqlBatchCommand(sql)], Cancel),
        _ => throw new NotSupportedException(),
    };

    private Task ClaimAsync() => _store.ClaimAsync(Partition, 1, 0, new byte[] { 1 }, Cancel);

    private Task WriteAsync(long entry, params BucketRow[] rows) => _store.WriteCheckpointAsync(
        new PartitionCheckpoint(
            Partition, 1, entry, [0],
            [new CheckpointedNode(new StoredNode(0, Key, entry, 0, 0), [1], rows) { Ladder = [Hour, Day] }]),
        Cancel);

    private async Task<List<(long Start, long Count, double Sum, double Min, double Max, double First, double Last)>> ReadAsync(long resolution) =>
    [
        .. (await _store.ReadBucketsAsync(Key, resolution, 0, long.MaxValue, Cancel)).Select(bucket =>
            (bucket.Start, bucket.Aggregate.Count, bucket.Aggregate.Sum, bucket.Aggregate.Min, bucket.Aggregate.Max, bucket.Aggregate.First,
                bucket.Aggregate.Last)),
    ];

    private static BucketRow Row(long start, params (long Time, double Value)[] points) => new()
    {
        Resolution = Minute,
        Start = start,
        Aggregate = points.Aggregate(default(Aggregate), (sum, point) => Aggregate.Merge(sum, new Aggregate(point.Time, point.Value))),
        IsAddition = false,
    };
}

public sealed class SqliteHistoryStoreTests() : HistoryStoreTests(new SqliteFolder());

public sealed class PostgreSqlHistoryStoreTests() : HistoryStoreTests(new PostgreSqlStorage());
