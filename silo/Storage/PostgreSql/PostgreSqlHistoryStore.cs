using Monitoring.History;
using static Monitoring.Storage.PostgreSql.PostgreSqlCommands;

namespace Monitoring.Storage.PostgreSql;

/// <summary>Lets history go in PostgreSQL.</summary>
internal sealed class PostgreSqlHistoryStore(PostgreSqlDatabase database) : IHistoryStore
{
    public async Task<int> TrimBucketsAsync(
        int partition, long epoch, IReadOnlyList<BucketTrim> trims, int maxOfEach, CancellationToken cancellationToken)
    {
        var trimmed = 0;
        var asked = trims.ToArray();
        await database.WriteAsync(
            async connection =>
            {
                if (await connection.IsClaimedAsync(partition, epoch, cancellationToken))
                {
                    // LATERAL with an order of its own: one range of the index for each node and width, never a scan of all buckets.
                    trimmed = await connection.ExecuteAsync(
                        """
                        DELETE FROM bucket_rows AS b USING unnest($2, $3, $4) AS a (number, resolution, before)
                        CROSS JOIN LATERAL
                        (
                            SELECT start FROM bucket_rows
                            WHERE partition = $1 AND number = a.number AND resolution = a.resolution AND start < a.before
                            ORDER BY start LIMIT $5
                        ) AS old
                        WHERE b.partition = $1 AND b.number = a.number AND b.resolution = a.resolution AND b.start = old.start
                        """,
                        cancellationToken,
                        Value(partition), Column(asked, trim => trim.Number), Column(asked, trim => trim.Resolution),
                        Column(asked, trim => trim.Before), Value(maxOfEach));
                }
            },
            cancellationToken);
        return trimmed;
    }
}
