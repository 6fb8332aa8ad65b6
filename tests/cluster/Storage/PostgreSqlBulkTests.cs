using Monitoring.History;
using Monitoring.Indicators;
using Monitoring.Partitions;
using Monitoring.RawPoints;
using Monitoring.Storage.PostgreSql;
using Npgsql;

namespace Monitoring.ClusterTests.Storage;

/// <summary>Rows that are copied must become what rows that go as arrays become.</summary>
public sealed class PostgreSqlBulkTests : IAsyncDisposable
{
    private readonly PostgreSqlStorage _storage = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _storage.DisposeAsync();

    [Fact]
    public async Task WriteCopied_EveryKindOfValue_StoresWhatArraysStore()
    {
        CheckpointedNode[] nodes =
        [
            new(new StoredNode(0, new NodeKey("orders", ""), 1, 2, long.MaxValue), [], []),
            new(new StoredNode(1, new NodeKey("orders", "北/Zürich/💶"), long.MaxValue, long.MinValue, 0), [0, 255, 7], []),
            new(new StoredNode(2, new NodeKey("orders", "number only"), 0, 0, long.MaxValue), null, []),
        ];
        (BucketPlace, Aggregate)[] buckets =
        [
            (new BucketPlace(0, 60_000, -60_000), new Aggregate(-1, 0.1)),
            (new BucketPlace(0, 60_000, 0), Aggregate.Merge(new Aggregate(1, double.MaxValue), new Aggregate(2, double.MaxValue))),
            (new BucketPlace(int.MaxValue, long.MaxValue, long.MinValue), new Aggregate(long.MaxValue, double.Epsilon)),
        ];
        (int, RawChunk)[] chunks =
        [
            (0, new RawChunk { Sequence = 0, MinTime = -5, MaxTime = 5, Count = 3, Payload = [] }),
            (1, new RawChunk { Sequence = long.MaxValue, MinTime = 0, MaxTime = 1, Count = 120, Payload = [.. Enumerable.Range(0, 5_000).Select(at => (byte)at)] }),
        ];

        Assert.Equal(
            await StoredAsync(connection => BulkTables.Nodes.WriteArraysAsync(connection, 1, nodes, Cancel), "nodes"),
            await StoredAsync(connection => BulkTables.Nodes.WriteCopiedAsync(connection, 1, nodes, Cancel), "nodes"));
        Assert.Equal(
            await StoredAsync(connection => BulkTables.Buckets.WriteArraysAsync(connection, 1, buckets, Cancel), "bucket_rows"),
            await StoredAsync(connection => BulkTables.Buckets.WriteCopiedAsync(connection, 1, buckets, Cancel), "bucket_rows"));
        Assert.Equal(
            await StoredAsync(connection => BulkTables.Chunks.WriteArraysAsync(connection, 1, chunks, Cancel), "raw_chunks"),
            await StoredAsync(connection => BulkTables.Chunks.WriteCopiedAsync(connection, 1, chunks, Cancel), "raw_chunks"));
    }

    [Fact]
    public async Task WriteCopied_TwiceInATransaction_WritesEachOnce()
    {
        var stored = await StoredAsync(
            async connection =>
            {
                await BulkTables.Chunks.WriteCopiedAsync(connection, 1, [Chunk(0)], Cancel);
                await BulkTables.Chunks.WriteCopiedAsync(connection, 2, [Chunk(1)], Cancel);
            },
            "raw_chunks");

        Assert.Equal(["(1,0,0,0,1,1,\"\\\\x07\")", "(2,0,1,0,1,1,\"\\\\x07\")"], stored);

        static (int, RawChunk) Chunk(long sequence) => (0, new RawChunk { Sequence = sequence, MinTime = 0, MaxTime = 1, Count = 1, Payload = [7] });
    }

    /// <summary>Runs a write in a transaction that is undone; returns what the table held.</summary>
    private async Task<List<string>> StoredAsync(Func<NpgsqlConnection, Task> write, string table)
    {
        await (await _storage.OpenAsync()).DisposeAsync();
        await using var connection = new NpgsqlConnection(await _storage.GetConnectionStringAsync());
        await connection.OpenAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        await write(connection);
        await using var command = new NpgsqlCommand($"SELECT t::text FROM {table} AS t ORDER BY 1", connection);
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        return await reader.ReadAllAsync(row => row.GetString(0), Cancel);
    }
}
