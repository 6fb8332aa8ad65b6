using Microsoft.Data.Sqlite;
using Monitoring.Indicators;
using Monitoring.Partitions;
using Monitoring.RawPoints;

namespace Monitoring.Storage.Sqlite;

/// <summary>Partitions in SQLite.</summary>
internal sealed class SqlitePartitionStore(SqliteDatabase database) : IPartitionStore
{
    public Task<PartitionImage> LoadAsync(int partition, CancellationToken cancellationToken) => database.ReadAsync(
        (connection, transaction) =>
        {
            var (entry, header) = ReadCheckpoint(connection, transaction, partition);
            return new PartitionImage(
                entry, header, ReadNodes(connection, transaction, partition), ReadJournal(connection, transaction, partition, entry));
        },
        cancellationToken);

    public Task ClaimAsync(
        int partition, long epoch, long checkpointEntry, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        var stored = payload.ToArray();
        return database.WriteAsync(
            (connection, transaction) =>
            {
                // What was loaded must still be all there is, or the activation would replay on a state it does not know.
                var isFree = connection.Scalar(
                    transaction,
                    """
                    SELECT 1
                    WHERE coalesce((SELECT max(sequence) FROM journal WHERE partition = @partition), 0) < @epoch
                        AND coalesce((SELECT epoch FROM partitions WHERE partition = @partition), 0) < @epoch
                        AND coalesce((SELECT entry FROM partitions WHERE partition = @partition), 0) = @checkpoint
                    """,
                    ("@partition", partition), ("@epoch", epoch), ("@checkpoint", checkpointEntry)) is not null;
                if (!isFree)
                {
                    throw new PartitionTakenOverException(partition, epoch);
                }

                connection.Execute(
                    transaction,
                    """
                    INSERT INTO partitions (partition, epoch, entry) VALUES (@partition, @epoch, 0)
                    ON CONFLICT (partition) DO UPDATE SET epoch = excluded.epoch;
                    INSERT INTO journal (partition, sequence, payload) VALUES (@partition, @epoch, @payload);
                    """,
                    ("@partition", partition), ("@epoch", epoch), ("@payload", stored));
            },
            cancellationToken);
    }

    public Task AppendAsync(int partition, long epoch, long sequence, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        var stored = payload.ToArray();
        return database.WriteAsync(
            (connection, transaction) =>
            {
                var written = connection.Execute(
                    transaction,
                    """
                    INSERT INTO journal (partition, sequence, payload)
                    SELECT @partition, @sequence, @payload
                    WHERE EXISTS (SELECT 1 FROM partitions WHERE partition = @partition AND epoch = @epoch)
                    ON CONFLICT (partition, sequence) DO NOTHING
                    """,
                    ("@partition", partition), ("@epoch", epoch), ("@sequence", sequence), ("@payload", stored));
                if (written == 0 && !IsWritten(connection, transaction, partition, epoch, sequence))
                {
                    throw new PartitionTakenOverException(partition, sequence);
                }
            },
            cancellationToken);
    }

    public Task WriteCheckpointAsync(PartitionCheckpoint checkpoint, CancellationToken cancellationToken) =>
        database.WriteAsync((connection, transaction) => new SqliteCheckpoint(connection, transaction).Write(checkpoint), cancellationToken);

    public Task<NodeImage[]> LoadNodesAsync(int partition, IReadOnlyList<NodeLoad> nodes, CancellationToken cancellationToken) => database.ReadAsync(
        (connection, transaction) =>
        {
            using var state = connection.Command(
                transaction, "SELECT state FROM nodes WHERE partition = @partition AND number = @number", ("@partition", partition), ("@number", 0));
            using var buckets = connection.Command(
                transaction,
                $"SELECT resolution, start, {AggregateColumns.Names} FROM bucket_rows WHERE partition = @partition AND number = @number "
                + "AND resolution = @resolution AND start >= @from",
                ("@partition", partition), ("@number", 0), ("@resolution", 0L), ("@from", 0L));
            return nodes.Select(node => LoadNode(state, buckets, node)).ToArray();
        },
        cancellationToken);

    public Task<NodeHistory[]> LoadHistoryAsync(int partition, IReadOnlyList<HistoryLoad> loads, CancellationToken cancellationToken) =>
        database.ReadAsync(
            (connection, transaction) =>
            {
                var history = new SqliteHistory(connection, transaction);
                return loads.Select(load => history.Read(partition, load)).ToArray();
            },
            cancellationToken);

    public Task<IReadOnlyList<Correction>> ListCorrectionsAsync(CorrectionQuery query, CancellationToken cancellationToken) =>
        database.ReadAsync((connection, transaction) => new SqliteHistory(connection, transaction).ListCorrections(query), cancellationToken);

    public Task<IReadOnlyList<Bucket>> ReadBucketsAsync(
        NodeKey key, long resolution, long start, long end, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<Bucket>>(
            (connection, transaction) =>
            {
                using var command = connection.Command(
                    transaction,
                    $"""
                    SELECT start, {AggregateColumns.Names} FROM bucket_rows AS b
                    JOIN nodes AS n ON n.partition = b.partition AND n.number = b.number
                    WHERE n.code = @code AND n.path = @path AND b.resolution = @resolution AND b.start >= @start AND b.start < @end
                    ORDER BY b.start
                    """,
                    ("@code", key.Code), ("@path", key.Path), ("@resolution", resolution), ("@start", start), ("@end", end));
                using var reader = command.ExecuteReader();
                var found = new List<Bucket>();
                while (reader.Read())
                {
                    found.Add(new Bucket { Start = reader.GetInt64(0), Aggregate = AggregateColumns.Read(reader, 1) });
                }

                return found;
            },
            cancellationToken);

    /// <summary>True when this activation wrote the entry before, and only the answer was lost.</summary>
    private static bool IsWritten(SqliteConnection connection, SqliteTransaction transaction, int partition, long epoch, long sequence) =>
        connection.Scalar(
            transaction,
            """
            SELECT 1 FROM journal AS j JOIN partitions AS p ON p.partition = j.partition
            WHERE j.partition = @partition AND j.sequence = @sequence AND p.epoch = @epoch AND j.sequence > @epoch
            """,
            ("@partition", partition), ("@epoch", epoch), ("@sequence", sequence)) is not null;

    private static (long Entry, byte[]? Header) ReadCheckpoint(SqliteConnection connection, SqliteTransaction transaction, int partition)
    {
        using var command = connection.Command(
            transaction, "SELECT entry, header FROM partitions WHERE partition = @partition", ("@partition", partition));
        using var reader = command.ExecuteReader();
        return reader.Read() ? (reader.GetInt64(0), reader.IsDBNull(1) ? null : reader.GetFieldValue<byte[]>(1)) : (0, null);
    }

    private static List<StoredNode> ReadNodes(SqliteConnection connection, SqliteTransaction transaction, int partition)
    {
        using var command = connection.Command(
            transaction,
            "SELECT number, code, path, last_entry, clock, deadline FROM nodes WHERE partition = @partition ORDER BY number",
            ("@partition", partition));
        using var reader = command.ExecuteReader();
        var nodes = new List<StoredNode>();
        while (reader.Read())
        {
            var key = new NodeKey(reader.GetString(1), reader.GetString(2));
            nodes.Add(new StoredNode(reader.GetInt32(0), key, reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5)));
        }

        return nodes;
    }

    private static List<StoredEntry> ReadJournal(SqliteConnection connection, SqliteTransaction transaction, int partition, long afterEntry)
    {
        using var command = connection.Command(
            transaction,
            "SELECT sequence, payload FROM journal WHERE partition = @partition AND sequence > @after ORDER BY sequence",
            ("@partition", partition), ("@after", afterEntry));
        using var reader = command.ExecuteReader();
        var entries = new List<StoredEntry>();
        while (reader.Read())
        {
            entries.Add(new StoredEntry(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)));
        }

        return entries;
    }

    private static NodeImage LoadNode(SqliteCommand state, SqliteCommand buckets, NodeLoad node)
    {
        state.Parameters["@number"].Value = node.Number;
        var rows = new List<BucketRow>();
        Read(node.Resolution, node.From);
        if (node.DaysFrom != long.MaxValue)
        {
            Read(BucketRow.DayResolution, node.DaysFrom);
        }

        return new NodeImage { State = state.ExecuteScalar() as byte[], Buckets = [.. rows] };

        void Read(long resolution, long from)
        {
            buckets.Parameters["@number"].Value = node.Number;
            buckets.Parameters["@resolution"].Value = resolution;
            buckets.Parameters["@from"].Value = from;
            using var reader = buckets.ExecuteReader();
            while (reader.Read())
            {
                rows.Add(new BucketRow
                {
                    Resolution = reader.GetInt64(0),
                    Start = reader.GetInt64(1),
                    Aggregate = AggregateColumns.Read(reader, 2),
                    IsAddition = false,
                });
            }
        }
    }
}
