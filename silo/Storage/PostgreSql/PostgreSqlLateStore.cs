using Monitoring.Indicators;
using Monitoring.LatePoints;
using Npgsql;
using static Monitoring.Storage.PostgreSql.PostgreSqlCommands;

namespace Monitoring.Storage.PostgreSql;

/// <summary>Late points in PostgreSQL.</summary>
internal sealed class PostgreSqlLateStore(PostgreSqlDatabase database) : ILateStore
{
    private const int RowsPerStatement = 5_000;
    private const string Columns = "entry, item, code, path, time, value, source, received_at, allowed_lateness, reason, state";

    public async Task<IReadOnlyList<LatePoint>> ReadAsync(int partition, LateSelection selection, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            $"""
            SELECT {Columns} FROM late_points
            WHERE partition = $1 AND (entry, item) > ($2, $3) AND ($4 = '' OR code = $4)
                AND ($5 = '' OR path = $5 OR starts_with(path, $5 || '/')) AND received_at >= $6 AND received_at < $7
            ORDER BY entry, item LIMIT $8
            """,
            row => Read(row, partition),
            cancellationToken,
            Value(partition), Value(selection.After.Entry), Value(selection.After.Index), Value(selection.Code), Value(selection.PathPrefix),
            Value(selection.ReceivedFrom), Value(selection.ReceivedUntil), Value(selection.Limit));

    public async Task<IReadOnlyList<LatePoint>> FindAsync(int partition, IReadOnlyList<LateId> ids, CancellationToken cancellationToken) =>
        await database.QueryAsync(
            $"""
            SELECT {Columns} FROM late_points
            WHERE partition = $1 AND (entry, item) IN (SELECT * FROM unnest($2, $3))
            """,
            row => Read(row, partition),
            cancellationToken,
            Value(partition), Value(ids.Select(id => id.Entry).ToArray()), Value(ids.Select(id => id.Index).ToArray()));

    public async Task<LateTrim> TrimAsync(int partition, long epoch, long receivedBefore, int maxKept, CancellationToken cancellationToken)
    {
        var trim = default(LateTrim);
        await database.WriteAsync(
            async connection =>
            {
                if (!await connection.IsClaimedAsync(partition, epoch, cancellationToken))
                {
                    return;
                }

                var expired = await connection.ExecuteAsync(
                    "DELETE FROM late_points WHERE partition = $1 AND received_at < $2", cancellationToken, Value(partition), Value(receivedBefore));
                var overflowed = await connection.ExecuteAsync(
                    """
                    DELETE FROM late_points
                    WHERE partition = $1 AND (entry, item) IN
                    (
                        SELECT entry, item FROM late_points WHERE partition = $1 ORDER BY entry, item
                        LIMIT greatest(0, (SELECT count(*) FROM late_points WHERE partition = $1) - $2)
                    )
                    """,
                    cancellationToken, Value(partition), Value(maxKept));
                trim = new LateTrim(expired, overflowed);
            },
            cancellationToken);
        return trim;
    }

    /// <summary>Writes what a checkpoint brings, within its transaction.</summary>
    public static async Task WriteAsync(NpgsqlConnection connection, int partition, LateChanges changes, CancellationToken cancellationToken)
    {
        foreach (var points in changes.Kept.Chunk(RowsPerStatement))
        {
            await connection.ExecuteAsync(
                $"""
                INSERT INTO late_points (partition, {Columns})
                SELECT $1, * FROM unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
                """,
                cancellationToken,
                Value(partition),
                Column(points, point => point.Id.Entry),
                Column(points, point => point.Id.Index),
                Column(points, point => point.Key.Code),
                Column(points, point => point.Key.Path),
                Column(points, point => point.Time),
                Column(points, point => point.Value),
                Column(points, point => point.Source),
                Column(points, point => point.ReceivedAt),
                Column(points, point => point.AllowedLateness),
                Column(points, point => (int)point.Reason),
                Column(points, point => (int)point.State));
        }

        foreach (var ids in changes.Reinjected.Chunk(RowsPerStatement))
        {
            await connection.ExecuteAsync(
                "UPDATE late_points SET state = $2 WHERE partition = $1 AND (entry, item) IN (SELECT * FROM unnest($3, $4))",
                cancellationToken,
                Value(partition), Value((int)LateState.Reinjected), Column(ids, id => id.Entry), Column(ids, id => id.Index));
        }
    }

    private static LatePoint Read(NpgsqlDataReader row, int partition) => new()
    {
        Id = new LateId(partition, row.GetInt64(0), row.GetInt32(1)),
        Key = new NodeKey(row.GetString(2), row.GetString(3)),
        Time = row.GetInt64(4),
        Value = row.GetDouble(5),
        Source = row.GetString(6),
        ReceivedAt = row.GetInt64(7),
        AllowedLateness = row.GetInt64(8),
        Reason = (LateReason)row.GetInt32(9),
        State = (LateState)row.GetInt32(10),
    };
}
