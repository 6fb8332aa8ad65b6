using Monitoring.Indicators;
using Monitoring.Partitions;
using Npgsql;

namespace Monitoring.ClusterTests.Storage;

public sealed class PostgreSqlPartitionStoreTests() : PartitionStoreTests(new PostgreSqlStorage());

/// <summary>Two activations of a partition whose statements meet in the server.</summary>
public sealed class PostgreSqlFencingTests : IAsyncDisposable
{
    private const int Partition = 3;
    private readonly PostgreSqlStorage _storage = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _storage.DisposeAsync();

    [Fact]
    public async Task AppendAsync_WaitedForAClaim_IsRefused()
    {
        await using var opened = await _storage.OpenAsync();
        var store = opened.Partitions;
        await store.ClaimAsync(Partition, 1, 0, new byte[] { 1 }, Cancel);
        await using var claim = await BeginAsync("UPDATE partitions SET epoch = 2 WHERE partition = 3");

        var append = store.AppendAsync(Partition, 1, 2, new byte[] { 9 }, Cancel);
        var checkpoint = store.WriteCheckpointAsync(new PartitionCheckpoint(Partition, 1, 1, [], []), Cancel);
        await WaitForBlockedAsync(2);
        await claim.CommitAsync(Cancel);

        await Assert.ThrowsAsync<PartitionTakenOverException>(() => append);
        await Assert.ThrowsAsync<PartitionTakenOverException>(() => checkpoint);
        var image = await store.LoadAsync(Partition, Cancel);
        Assert.Equal([1L], image.Journal.Select(entry => entry.Sequence));
        Assert.Null(image.Header);
    }

    [Theory]
    [InlineData("INSERT INTO journal VALUES (3, 2, '\\x09')")]
    [InlineData("INSERT INTO checkpoints VALUES (3, 1, '\\x09')")]
    public async Task ClaimAsync_WaitedForAWrite_SeesItAndIsRefused(string write)
    {
        await using var opened = await _storage.OpenAsync();
        var store = opened.Partitions;
        await store.ClaimAsync(Partition, 1, 0, new byte[] { 1 }, Cancel);
        await using var writing = await BeginAsync("SELECT FROM partitions WHERE partition = 3 AND epoch = 1 FOR SHARE; " + write);

        var claim = store.ClaimAsync(Partition, 2, 0, new byte[] { 2 }, Cancel);
        await WaitForBlockedAsync(1);
        await writing.CommitAsync(Cancel);

        await Assert.ThrowsAsync<PartitionTakenOverException>(() => claim);
    }

    [Fact]
    public async Task AppendAsync_CheckpointIsBeingWritten_DoesNotWait()
    {
        await using var opened = await _storage.OpenAsync();
        var store = opened.Partitions;
        await store.ClaimAsync(Partition, 1, 0, new byte[] { 1 }, Cancel);
        await using var checkpoint = await BeginAsync(
            "SELECT FROM partitions WHERE partition = 3 FOR SHARE; INSERT INTO checkpoints VALUES (3, 1, ''); DELETE FROM journal WHERE sequence <= 1");

        await store.AppendAsync(Partition, 1, 2, new byte[] { 2 }, Cancel).WaitAsync(TimeSpan.FromSeconds(20), Cancel);
    }

    [Fact]
    public async Task Buckets_View_ShowsWhatPeopleAskFor()
    {
        await using var opened = await _storage.OpenAsync();
        await opened.Partitions.ClaimAsync(Partition, 1, 0, new byte[] { 1 }, Cancel);
        var row = new BucketRow { Resolution = 60_000, Start = 120_000, Aggregate = new Aggregate(121_000, 2.5), IsAddition = false };
        var node = new StoredNode(0, new NodeKey("orders", "north"), 1, 0, 0);
        await opened.Partitions.WriteCheckpointAsync(new PartitionCheckpoint(Partition, 1, 1, [], [new CheckpointedNode(node, [], [row])]), Cancel);

        Assert.Equal(
            "orders north 60000 120000 1 2.5 2.5 2.5 2.5 2.5",
            await ScalarAsync<string>("SELECT concat_ws(' ', code, path, resolution, start, count, sum, min, max, first, last) FROM buckets"));
    }

    private async Task<OpenTransaction> BeginAsync(string sql)
    {
        var connection = new NpgsqlConnection(await _storage.GetConnectionStringAsync());
        await connection.OpenAsync(Cancel);
        var transaction = await connection.BeginTransactionAsync(Cancel);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancel);
        return new OpenTransaction(connection, transaction);
    }

    private async Task WaitForBlockedAsync(int count)
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        do
        {
            await pause.WaitForNextTickAsync(Cancel);
        }
        while (await ScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") < count);
    }

    private async Task<T> ScalarAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(await _storage.GetConnectionStringAsync());
        await connection.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(Cancel))!;
    }

    private sealed record OpenTransaction(NpgsqlConnection Connection, NpgsqlTransaction Transaction) : IAsyncDisposable
    {
        public Task CommitAsync(CancellationToken cancellationToken) => Transaction.CommitAsync(cancellationToken);

        public ValueTask DisposeAsync() => Connection.DisposeAsync();
    }
}
