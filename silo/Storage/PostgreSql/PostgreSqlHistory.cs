using Monitoring.Indicators;
using Monitoring.Partitions;
using Monitoring.RawPoints;
using Npgsql;
using static Monitoring.Storage.PostgreSql.PostgreSqlCommands;

namespace Monitoring.Storage.PostgreSql;

/// <summary>Raw points and corrections of one partition in PostgreSQL, within a transaction.</summary>
internal sealed class PostgreSqlHistory(NpgsqlConnection connection, int partition)
{
    /// <summary>Writes full chunks; the same one again changes nothing.</summary>
    public Task WriteChunksAsync(PartitionCheckpoint checkpoint, CancellationToken cancellationToken) => BulkTables.Chunks.WriteAsync(
        connection, partition, [.. checkpoint.Nodes.SelectMany(node => node.Chunks, (node, chunk) => (node.Node.Number, chunk))], cancellationToken);

    public async Task WriteCorrectionsAsync(PartitionCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        foreach (var correction in checkpoint.Corrections)
        {
            await connection.ExecuteAsync(
                """
                INSERT INTO corrections
                    (partition, number, entry, position, time, value, old_count, old_values, source, recorded_at, dictionary_version)
                SELECT $1, n.number, $4, $5, $6, $7, $8, $9, $10, $11, $12 FROM nodes AS n WHERE n.code = $2 AND n.path = $3
                """,
                cancellationToken,
                Value(partition),
                Value(correction.Key.Code),
                Value(correction.Key.Path),
                Value(correction.Entry),
                Value(correction.Position),
                Value(correction.Time),
                Value(correction.Value),
                Value(correction.OldCount),
                Value(correction.OldValues),
                Value(correction.Source),
                Value(correction.RecordedAt),
                Value(correction.DictionaryVersion));
        }
    }

    public async Task TrimAsync(HistoryTrim trim, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(
            "DELETE FROM raw_chunks WHERE ctid = ANY (ARRAY(SELECT ctid FROM raw_chunks WHERE partition = $1 AND max_time < $2 LIMIT $3))",
            cancellationToken, Value(partition), Value(trim.RawBefore), Value(trim.MaxRows));
        await connection.ExecuteAsync(
            "DELETE FROM corrections WHERE ctid = ANY (ARRAY(SELECT ctid FROM corrections WHERE partition = $1 AND recorded_at < $2 LIMIT $3))",
            cancellationToken, Value(partition), Value(trim.CorrectionsBefore), Value(trim.MaxRows));
    }

    /// <summary>Reads the history of nodes, in the order asked for.</summary>
    public async Task<NodeHistory[]> ReadAsync(IReadOnlyList<HistoryLoad> loads, CancellationToken cancellationToken)
    {
        var buckets = (await ReadBucketsAsync(loads, cancellationToken)).ToLookup(found => found.Place, found => found.Row);
        var chunks = (await ReadChunksAsync(loads, cancellationToken)).ToLookup(found => found.Place, found => found.Chunk);
        return
        [
            .. loads.Select((_, place) => new NodeHistory
            {
                Buckets = [.. buckets[place].DistinctBy(row => (row.Resolution, row.Start)).OrderBy(row => row.Resolution).ThenBy(row => row.Start)],
                Chunks = [.. chunks[place].DistinctBy(chunk => chunk.Sequence).OrderBy(chunk => chunk.Sequence)],
            }),
        ];
    }

    public static async Task<IReadOnlyList<Correction>> ListCorrectionsAsync(
        NpgsqlConnection connection, CorrectionQuery query, CancellationToken cancellationToken) => await connection.QueryAsync(
        """
        SELECT c.entry, c.position, c.time, c.value, c.old_values, c.old_count, c.source, c.recorded_at, c.dictionary_version
        FROM corrections AS c JOIN nodes AS n ON n.partition = c.partition AND n.number = c.number
        WHERE n.code = $1 AND n.path = $2 AND c.recorded_at >= $3 AND (c.entry, c.position) > ($4, $5)
        ORDER BY c.entry, c.position LIMIT $6
        """,
        row => new Correction
        {
            Key = query.Key,
            Entry = row.GetInt64(0),
            Position = row.GetInt32(1),
            Time = row.GetInt64(2),
            Value = row.GetDouble(3),
            OldValues = row.GetFieldValue<double[]>(4),
            OldCount = row.GetInt32(5),
            Source = row.GetString(6),
            RecordedAt = row.GetInt64(7),
            DictionaryVersion = row.GetInt64(8),
        },
        cancellationToken,
        Value(query.Key.Code), Value(query.Key.Path), Value(query.Since), Value(query.AfterEntry), Value(query.AfterPosition), Value(query.Limit));

    private Task<List<(int Place, BucketRow Row)>> ReadBucketsAsync(IReadOnlyList<HistoryLoad> loads, CancellationToken cancellationToken)
    {
        var asked = loads.SelectMany((load, place) => load.Spans.SelectMany(span => Asked(load, place, span))).ToArray();
        return PostgreSqlBuckets.ReadAsync(connection, partition, asked, cancellationToken);

        static IEnumerable<BucketRange> Asked(HistoryLoad load, int place, HistorySpan span)
        {
            yield return new BucketRange(place, load.Number, load.Resolution, span.BucketsFrom, span.BucketsUntil);
            if (span.DaysUntil > span.DaysFrom)
            {
                yield return new BucketRange(place, load.Number, BucketRow.DayResolution, span.DaysFrom, span.DaysUntil);
            }
        }
    }

    private async Task<List<(int Place, RawChunk Chunk)>> ReadChunksAsync(IReadOnlyList<HistoryLoad> loads, CancellationToken cancellationToken)
    {
        var asked = loads
            .SelectMany((load, place) => load.Spans.Select(span => (Place: place, load.Number, From: span.RawFrom, Until: span.RawUntil)))
            .Where(ask => ask.Until > ask.From)
            .ToArray();
        return asked.Length == 0 ? [] : await connection.QueryAsync(
            """
            SELECT a.place, c.* FROM unnest($2, $3, $4, $5) AS a (place, number, since, until)
            CROSS JOIN LATERAL
            (
                SELECT sequence, min_time, max_time, count, payload FROM raw_chunks
                WHERE partition = $1 AND number = a.number AND max_time >= a.since AND min_time < a.until ORDER BY max_time
            ) AS c
            """,
            row => (row.GetInt32(0), new RawChunk
            {
                Sequence = row.GetInt64(1),
                MinTime = row.GetInt64(2),
                MaxTime = row.GetInt64(3),
                Count = row.GetInt32(4),
                Payload = row.GetFieldValue<byte[]>(5),
            }),
            cancellationToken,
            Value(partition),
            Column(asked, ask => ask.Place),
            Column(asked, ask => ask.Number),
            Column(asked, ask => ask.From),
            Column(asked, ask => ask.Until));
    }
}
