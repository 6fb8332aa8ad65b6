using Monitoring.Indicators;
using Npgsql;
using static Monitoring.Storage.PostgreSql.PostgreSqlCommands;

namespace Monitoring.Storage.PostgreSql;

/// <summary>A range of a node's buckets that is asked for; times are milliseconds since 1970-01-01T00:00:00Z.</summary>
/// <param name="Place">Place of the question among others.</param>
/// <param name="Number">Number of the node within its partition.</param>
/// <param name="Resolution">Width of the buckets in milliseconds.</param>
/// <param name="From">Buckets that start from here.</param>
/// <param name="Until">End of these, exclusive.</param>
internal readonly record struct BucketRange(int Place, int Number, long Resolution, long From, long Until);

/// <summary>Reads stored buckets.</summary>
internal static class PostgreSqlBuckets
{
    /// <summary>The buckets of ranges, with the place of each range; those of one range by age.</summary>
    public static Task<List<(int Place, BucketRow Row)>> ReadAsync(
        NpgsqlConnection connection, int partition, IReadOnlyList<BucketRange> asked, CancellationToken cancellationToken) => connection.QueryAsync(

        // LATERAL with an order of its own: one range of the index for each range asked for, never a scan of all buckets.
        $"""
        SELECT a.place, b.* FROM unnest($2, $3, $4, $5, $6) AS a (place, number, resolution, since, until)
        CROSS JOIN LATERAL
        (
            SELECT resolution, start, {AggregateColumns.Names} FROM bucket_rows
            WHERE partition = $1 AND number = a.number AND resolution = a.resolution AND start >= a.since AND start < a.until ORDER BY start
        ) AS b
        """,
        row => (row.GetInt32(0), new BucketRow
        {
            Resolution = row.GetInt64(1),
            Start = row.GetInt64(2),
            Aggregate = AggregateColumns.Read(row, 3),
            IsAddition = false,
        }),
        cancellationToken,
        Value(partition),
        Value(asked.Select(ask => ask.Place).ToArray()),
        Value(asked.Select(ask => ask.Number).ToArray()),
        Value(asked.Select(ask => ask.Resolution).ToArray()),
        Value(asked.Select(ask => ask.From).ToArray()),
        Value(asked.Select(ask => ask.Until).ToArray()));
}
