using Monitoring.Indicators;
using Monitoring.Partitions;
using Monitoring.RawPoints;
using Npgsql;
using static Monitoring.Storage.PostgreSql.PostgreSqlCommands;

namespace Monitoring.Storage.PostgreSql;

/// <summary>Partitions in PostgreSQL.</summary>
/// <remarks>
/// Fencing: whoever writes for an epoch locks the partition's row for share while it checks the epoch; a claim locks it alone and keeps it
/// until it commits. So a claim waits for writes in flight and then sees them, and a write that had to wait for a claim finds the row's new
/// epoch (READ COMMITTED judges a locked row by its newest version) and changes nothing.
/// </remarks>
internal sealed class PostgreSqlPartitionStore(PostgreSqlDatabase database) : IPartitionStore
{
    private readonly PostgreSqlAppender _appender = new(database);

    public Task<PartitionImage> LoadAsync(int partition, CancellationToken cancellationToken) => database.ReadAsync(
        async connection =>
        {
            var checkpoints = await connection.QueryAsync(
                "SELECT entry, header FROM checkpoints WHERE partition = $1",
                row => (Entry: row.GetInt64(0), Header: row.GetFieldValue<byte[]>(1)), cancellationToken, Value(partition));
            var (entry, header) = checkpoints is [var found] ? (found.Entry, found.Header) : (0, (byte[]?)null);
            var nodes = await connection.QueryAsync(
                "SELECT number, code, path, last_entry, clock, deadline FROM nodes WHERE partition = $1 ORDER BY number",
                row => new StoredNode(
                    row.GetInt32(0), new NodeKey(row.GetString(1), row.GetString(2)), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5)),
                cancellationToken, Value(partition));
            var journal = await connection.QueryAsync(
                "SELECT sequence, payload FROM journal WHERE partition = $1 AND sequence > $2 ORDER BY sequence",
                row => new StoredEntry(row.GetInt64(0), row.GetFieldValue<byte[]>(1)), cancellationToken, Value(partition), Value(entry));
            return new PartitionImage(entry, header, nodes, journal);
        },
        cancellationToken);

    public Task ClaimAsync(
        int partition, long epoch, long checkpointEntry, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken) => database.WriteAsync(
        async connection =>
        {
            await connection.ExecuteAsync(
                "INSERT INTO partitions (partition, epoch) VALUES ($1, 0) ON CONFLICT DO NOTHING", cancellationToken, Value(partition));
            await connection.QueryAsync(
                "SELECT FROM partitions WHERE partition = $1 FOR UPDATE", _ => true, cancellationToken, Value(partition));

            // A statement after the one that got the lock sees all that was written before. What was loaded must still be all there is, or
            // the activation would replay on a state it does not know.
            var claimed = await connection.ExecuteAsync(
                """
                UPDATE partitions SET epoch = $2
                WHERE partition = $1 AND epoch < $2
                    AND coalesce((SELECT max(sequence) FROM journal WHERE partition = $1), 0) < $2
                    AND coalesce((SELECT entry FROM checkpoints WHERE partition = $1), 0) = $3
                """,
                cancellationToken, Value(partition), Value(epoch), Value(checkpointEntry));
            if (claimed == 0)
            {
                throw new PartitionTakenOverException(partition, epoch);
            }

            await connection.ExecuteAsync(
                "INSERT INTO journal (partition, sequence, payload) VALUES ($1, $2, $3)",
                cancellationToken, Value(partition), Value(epoch), Bytes(payload));
        },
        cancellationToken);

    public async Task AppendAsync(
        int partition, long epoch, long sequence, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        if (!await _appender.AppendAsync(partition, epoch, sequence, payload, cancellationToken)
            && !await IsWrittenAsync(partition, epoch, sequence, cancellationToken))
        {
            throw new PartitionTakenOverException(partition, sequence);
        }
    }

    public Task WriteCheckpointAsync(PartitionCheckpoint checkpoint, CancellationToken cancellationToken) => database.WriteAsync(
        connection => new PostgreSqlCheckpoint(connection, checkpoint).WriteAsync(cancellationToken), cancellationToken);

    public Task<NodeImage[]> LoadNodesAsync(
        int partition, IReadOnlyList<NodeLoad> nodes, CancellationToken cancellationToken) => database.ReadAsync(
        async connection =>
        {
            var states = new byte[]?[nodes.Count];
            var found = await connection.QueryAsync(
                """
                SELECT a.place::integer, n.state FROM unnest($2) WITH ORDINALITY AS a (number, place)
                JOIN nodes AS n ON n.partition = $1 AND n.number = a.number
                """,
                row => (Place: row.GetInt32(0), State: row.IsDBNull(1) ? null : row.GetFieldValue<byte[]>(1)),
                cancellationToken, Value(partition), Value(nodes.Select(node => node.Number).ToArray()));
            foreach (var (place, state) in found)
            {
                states[place - 1] = state;
            }

            var buckets = (await ReadBucketsAsync(connection, partition, nodes, cancellationToken)).ToLookup(row => row.Place, row => row.Row);
            return states.Select((state, place) => new NodeImage { State = state, Buckets = [.. buckets[place]] }).ToArray();
        },
        cancellationToken);

    public async Task<IReadOnlyList<Bucket>> ReadBucketsAsync(
        NodeKey key, long resolution, long start, long end, CancellationToken cancellationToken) => await database.QueryAsync(
        $"""
        SELECT start, {AggregateColumns.Names} FROM bucket_rows AS b
        JOIN nodes AS n ON n.partition = b.partition AND n.number = b.number
        WHERE n.code = $1 AND n.path = $2 AND b.resolution = $3 AND b.start >= $4 AND b.start < $5
        ORDER BY b.start
        """,
        row => new Bucket { Start = row.GetInt64(0), Aggregate = AggregateColumns.Read(row, 1) },
        cancellationToken, Value(key.Code), Value(key.Path), Value(resolution), Value(start), Value(end));

    public Task<NodeHistory[]> LoadHistoryAsync(int partition, IReadOnlyList<HistoryLoad> loads, CancellationToken cancellationToken) =>
        database.ReadAsync(connection => new PostgreSqlHistory(connection, partition).ReadAsync(loads, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<Correction>> ListCorrectionsAsync(CorrectionQuery query, CancellationToken cancellationToken) =>
        database.ReadAsync(connection => PostgreSqlHistory.ListCorrectionsAsync(connection, query, cancellationToken), cancellationToken);

    /// <summary>True when this activation wrote the entry before, and only the answer was lost.</summary>
    private async Task<bool> IsWrittenAsync(int partition, long epoch, long sequence, CancellationToken cancellationToken)
    {
        var found = await database.QueryAsync(
            """
            SELECT FROM journal AS j JOIN partitions AS p ON p.partition = j.partition
            WHERE j.partition = $1 AND j.sequence = $3 AND p.epoch = $2 AND j.sequence > $2
            """,
            _ => true, cancellationToken, Value(partition), Value(epoch), Value(sequence));
        return found.Count > 0;
    }

    /// <summary>Buckets that nodes need, by their place in the list of nodes and then by age.</summary>
    private static Task<List<(int Place, BucketRow Row)>> ReadBucketsAsync(
        NpgsqlConnection connection, int partition, IReadOnlyList<NodeLoad> nodes, CancellationToken cancellationToken)
    {
        return PostgreSqlBuckets.ReadAsync(connection, partition, [.. nodes.SelectMany(Asked)], cancellationToken);

        static IEnumerable<BucketRange> Asked(NodeLoad node, int place)
        {
            yield return new BucketRange(place, node.Number, node.Resolution, node.From, long.MaxValue);
            if (node.DaysFrom != long.MaxValue)
            {
                yield return new BucketRange(place, node.Number, BucketRow.DayResolution, node.DaysFrom, long.MaxValue);
            }
        }
    }
}
