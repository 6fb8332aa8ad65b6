using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Monitoring.Indicators;
using Monitoring.Partitions;
using Monitoring.RawPoints;

namespace Monitoring.Storage.Sqlite;

/// <summary>Raw points and corrections in SQLite, within a transaction.</summary>
internal sealed class SqliteHistory(SqliteConnection connection, SqliteTransaction transaction)
{
    /// <summary>Writes full chunks; the same one again changes nothing.</summary>
    public void WriteChunks(PartitionCheckpoint checkpoint)
    {
        using var command = connection.Command(
            transaction,
            """
            INSERT INTO raw_chunks (partition, number, sequence, min_time, max_time, count, payload)
            VALUES (@partition, @number, @sequence, @min_time, @max_time, @count, @payload)
            ON CONFLICT DO NOTHING
            """,
            ("@partition", checkpoint.Partition), ("@number", 0), ("@sequence", 0L), ("@min_time", 0L), ("@max_time", 0L), ("@count", 0),
            ("@payload", Array.Empty<byte>()));
        foreach (var node in checkpoint.Nodes)
        {
            command.Parameters["@number"].Value = node.Node.Number;
            foreach (var chunk in node.Chunks)
            {
                command.Parameters["@sequence"].Value = chunk.Sequence;
                command.Parameters["@min_time"].Value = chunk.MinTime;
                command.Parameters["@max_time"].Value = chunk.MaxTime;
                command.Parameters["@count"].Value = chunk.Count;
                command.Parameters["@payload"].Value = chunk.Payload;
                command.ExecuteNonQuery();
            }
        }
    }

    public void WriteCorrections(PartitionCheckpoint checkpoint)
    {
        foreach (var correction in checkpoint.Corrections)
        {
            connection.Execute(
                transaction,
                """
                INSERT INTO corrections
                    (partition, number, entry, position, time, value, old_count, old_values, source, recorded_at, dictionary_version)
                SELECT @partition, n.number, @entry, @position, @time, @value, @old_count, @old_values, @source, @recorded_at, @version
                FROM nodes AS n WHERE n.code = @code AND n.path = @path
                """,
                ("@partition", checkpoint.Partition), ("@entry", correction.Entry), ("@position", correction.Position),
                ("@time", correction.Time), ("@value", correction.Value), ("@old_count", correction.OldCount),
                ("@old_values", MemoryMarshal.AsBytes<double>(correction.OldValues).ToArray()), ("@source", correction.Source),
                ("@recorded_at", correction.RecordedAt), ("@version", correction.DictionaryVersion), ("@code", correction.Key.Code),
                ("@path", correction.Key.Path));
        }
    }

    public void Trim(int partition, HistoryTrim trim)
    {
        connection.Execute(
            transaction,
            "DELETE FROM raw_chunks WHERE rowid IN "
            + "(SELECT rowid FROM raw_chunks WHERE partition = @partition AND max_time < @before LIMIT @rows)",
            ("@partition", partition), ("@before", trim.RawBefore), ("@rows", trim.MaxRows));
        connection.Execute(
            transaction,
            "DELETE FROM corrections WHERE (partition, number, entry, position) IN "
            + "(SELECT partition, number, entry, position FROM corrections WHERE partition = @partition AND recorded_at < @before LIMIT @rows)",
            ("@partition", partition), ("@before", trim.CorrectionsBefore), ("@rows", trim.MaxRows));
    }

    /// <summary>Reads the history of one node.</summary>
    public NodeHistory Read(int partition, HistoryLoad load)
    {
        var buckets = new SortedDictionary<(long Resolution, long Start), BucketRow>();
        var chunks = new SortedDictionary<long, RawChunk>();
        foreach (var span in load.Spans)
        {
            ReadBuckets(partition, load.Number, load.Resolution, span.BucketsFrom, span.BucketsUntil, buckets);
            if (span.DaysUntil > span.DaysFrom)
            {
                ReadBuckets(partition, load.Number, BucketRow.DayResolution, span.DaysFrom, span.DaysUntil, buckets);
            }

            if (span.RawUntil > span.RawFrom)
            {
                ReadChunks(partition, load.Number, span.RawFrom, span.RawUntil, chunks);
            }
        }

        return new NodeHistory { Buckets = [.. buckets.Values], Chunks = [.. chunks.Values] };
    }

    public IReadOnlyList<Correction> ListCorrections(CorrectionQuery query)
    {
        using var command = connection.Command(
            transaction,
            """
            SELECT c.entry, c.position, c.time, c.value, c.old_values, c.old_count, c.source, c.recorded_at, c.dictionary_version
            FROM corrections AS c JOIN nodes AS n ON n.partition = c.partition AND n.number = c.number
            WHERE n.code = @code AND n.path = @path AND c.recorded_at >= @since AND (c.entry, c.position) > (@entry, @position)
            ORDER BY c.entry, c.position LIMIT @limit
            """,
            ("@code", query.Key.Code), ("@path", query.Key.Path), ("@since", query.Since), ("@entry", query.AfterEntry),
            ("@position", query.AfterPosition), ("@limit", query.Limit));
        using var reader = command.ExecuteReader();
        var found = new List<Correction>();
        while (reader.Read())
        {
            found.Add(new Correction
            {
                Key = query.Key,
                Entry = reader.GetInt64(0),
                Position = reader.GetInt32(1),
                Time = reader.GetInt64(2),
                Value = reader.GetDouble(3),
                OldValues = MemoryMarshal.Cast<byte, double>(reader.GetFieldValue<byte[]>(4)).ToArray(),
                OldCount = reader.GetInt32(5),
                Source = reader.GetString(6),
                RecordedAt = reader.GetInt64(7),
                DictionaryVersion = reader.GetInt64(8),
            });
        }

        return found;
    }

    private void ReadBuckets(
        int partition, int number, long resolution, long from, long until, SortedDictionary<(long Resolution, long Start), BucketRow> buckets)
    {
        using var command = connection.Command(
            transaction,
            $"SELECT start, {AggregateColumns.Names} FROM bucket_rows WHERE partition = @partition AND number = @number "
            + "AND resolution = @resolution AND start >= @from AND start < @until",
            ("@partition", partition), ("@number", number), ("@resolution", resolution), ("@from", from), ("@until", until));
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var start = reader.GetInt64(0);
            buckets[(resolution, start)] = new BucketRow
            {
                Resolution = resolution,
                Start = start,
                Aggregate = AggregateColumns.Read(reader, 1),
                IsAddition = false,
            };
        }
    }

    private void ReadChunks(int partition, int number, long from, long until, SortedDictionary<long, RawChunk> chunks)
    {
        using var command = connection.Command(
            transaction,
            "SELECT sequence, min_time, max_time, count, payload FROM raw_chunks "
            + "WHERE partition = @partition AND number = @number AND max_time >= @from AND min_time < @until",
            ("@partition", partition), ("@number", number), ("@from", from), ("@until", until));
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            chunks[reader.GetInt64(0)] = new RawChunk
            {
                Sequence = reader.GetInt64(0),
                MinTime = reader.GetInt64(1),
                MaxTime = reader.GetInt64(2),
                Count = reader.GetInt32(3),
                Payload = reader.GetFieldValue<byte[]>(4),
            };
        }
    }
}
