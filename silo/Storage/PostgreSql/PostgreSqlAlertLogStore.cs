using Monitoring.Alerting;
using Monitoring.Departments;
using Npgsql;
using static Monitoring.Storage.PostgreSql.PostgreSqlCommands;

namespace Monitoring.Storage.PostgreSql;

/// <summary>Alert logs in PostgreSQL.</summary>
internal sealed class PostgreSqlAlertLogStore(PostgreSqlDatabase database) : IAlertLogStore
{
    private const string EntryColumns =
        "l.cursor, l.logged_at, a.alert_id, a.first_cursor, a.is_open, a.peak_level, a.code, a.path, l.payload";

    public async Task AppendAsync(
        string department, IReadOnlyList<StoredAlertEntry> entries, IReadOnlyList<SenderWatermark> watermarks,
        CancellationToken cancellationToken)
    {
        try
        {
            await database.WriteAsync(
                async connection =>
                {
                    if (entries.Count > 0)
                    {
                        await WriteEntriesAsync(connection, department, [.. entries], cancellationToken);
                        await WriteAlertsAsync(connection, department, entries, cancellationToken);
                    }

                    await WriteWatermarksAsync(connection, department, [.. watermarks], cancellationToken);
                },
                cancellationToken);
        }
        catch (PostgresException exception) when (exception is { SqlState: PostgresErrorCodes.UniqueViolation, TableName: "alert_log" })
        {
            // Two activations found the same end of the log; the other one was first to commit.
            throw new AlertLogConflictException(department, entries[0].Cursor);
        }
    }

    public Task<AlertLogHead> LoadAsync(string department, CancellationToken cancellationToken) => database.ReadAsync(
        async connection =>
        {
            var end = await connection.QueryAsync(
                "SELECT cursor, logged_at FROM alert_log WHERE department = $1 ORDER BY cursor DESC LIMIT 1",
                row => (Cursor: row.GetInt64(0), LoggedAt: row.GetInt64(1)), cancellationToken, Value(department));
            var (cursor, loggedAt) = end is [var last] ? last : (0, 0);
            var open = await connection.QueryAsync(
                $"""
                SELECT {EntryColumns} FROM alerts AS a
                JOIN alert_log AS l ON l.department = a.department AND l.cursor = a.last_cursor
                WHERE a.department = $1 AND a.is_open ORDER BY a.first_cursor
                """,
                ReadEntry, cancellationToken, Value(department));
            var watermarks = await connection.QueryAsync(
                "SELECT sender, number FROM alert_senders WHERE department = $1",
                row => new SenderWatermark(row.GetInt32(0), row.GetInt64(1)), cancellationToken, Value(department));
            return new AlertLogHead(cursor, loggedAt, watermarks, open);
        },
        cancellationToken);

    public async Task<IReadOnlyList<StoredAlertEntry>> ReadAsync(
        string department, long afterCursor, int limit, CancellationToken cancellationToken) => await database.QueryAsync(
        $"""
        SELECT {EntryColumns} FROM alert_log AS l
        JOIN alerts AS a ON a.department = l.department AND a.alert_id = l.alert_id
        WHERE l.department = $1 AND l.cursor > $2 ORDER BY l.cursor LIMIT $3
        """,
        ReadEntry, cancellationToken, Value(department), Value(afterCursor), Value(limit));

    public async Task<long> FindCursorAsync(string department, long timeUnixMs, CancellationToken cancellationToken)
    {
        var found = await database.QueryAsync(
            "SELECT coalesce(max(cursor), 0) FROM alert_log WHERE department = $1 AND logged_at < $2",
            row => row.GetInt64(0), cancellationToken, Value(department), Value(timeUnixMs));
        return found[0];
    }

    public async Task<IReadOnlyList<StoredAlertEntry>> ListAsync(
        string department, AlertFilter filter, CancellationToken cancellationToken) => await database.QueryAsync(
        $"""
        SELECT {EntryColumns} FROM alerts AS a
        JOIN alert_log AS l ON l.department = a.department AND l.cursor = a.last_cursor
        WHERE a.department = $1
            AND ($2 OR a.is_open)
            AND ($3 = 0 OR a.first_cursor < $3)
            AND ($4 = '' OR a.code = $4)
            AND ($5 = '' OR a.path = $5 OR starts_with(a.path, $5 || '/'))
            AND (cardinality($6) = 0 OR a.peak_level = ANY ($6))
        ORDER BY a.first_cursor DESC LIMIT $7
        """,
        ReadEntry, cancellationToken,
        Value(department), Value(filter.IncludeResolved), Value(filter.BeforeCursor), Value(filter.Code), Value(filter.PathPrefix),
        Value(filter.Levels.Select(level => (int)level).ToArray()), Value(filter.Limit));

    public async Task<StoredAlertEntry?> FindAlertAsync(string department, string alertId, CancellationToken cancellationToken)
    {
        var found = await database.QueryAsync(
            $"""
            SELECT {EntryColumns} FROM alerts AS a
            JOIN alert_log AS l ON l.department = a.department AND l.cursor = a.last_cursor
            WHERE a.department = $1 AND a.alert_id = $2
            """,
            ReadEntry, cancellationToken, Value(department), Value(alertId));
        return found.SingleOrDefault();
    }

    private static async Task WriteEntriesAsync(
        NpgsqlConnection connection, string department, StoredAlertEntry[] entries, CancellationToken cancellationToken)
    {
        var written = await connection.ExecuteAsync(
            """
            INSERT INTO alert_log (department, cursor, logged_at, alert_id, payload)
            SELECT $1, * FROM unnest($3, $4, $5, $6)
            WHERE (SELECT coalesce(max(cursor), 0) FROM alert_log WHERE department = $1) = $2 - 1
            """,
            cancellationToken,
            Value(department),
            Value(entries[0].Cursor),
            Column(entries, entry => entry.Cursor),
            Column(entries, entry => entry.LoggedAt),
            Column(entries, entry => entry.AlertId),
            Column(entries, entry => entry.Payload));
        if (written == 0)
        {
            throw new AlertLogConflictException(department, entries[0].Cursor);
        }
    }

    private static Task WriteAlertsAsync(
        NpgsqlConnection connection, string department, IReadOnlyList<StoredAlertEntry> entries, CancellationToken cancellationToken)
    {
        // A statement may change a row only once: of several steps of an alert, the last one counts.
        var last = new Dictionary<string, StoredAlertEntry>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            last[entry.AlertId] = entry;
        }

        StoredAlertEntry[] alerts = [.. last.Values];
        return connection.ExecuteAsync(
            """
            INSERT INTO alerts (department, alert_id, first_cursor, last_cursor, is_open, peak_level, code, path)
            SELECT $1, * FROM unnest($2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (department, alert_id) DO UPDATE
            SET last_cursor = excluded.last_cursor, is_open = excluded.is_open, peak_level = excluded.peak_level
            """,
            cancellationToken,
            Value(department),
            Column(alerts, alert => alert.AlertId),
            Column(alerts, alert => alert.FirstCursor),
            Column(alerts, alert => alert.Cursor),
            Column(alerts, alert => alert.IsOpen),
            Column(alerts, alert => (int)alert.PeakLevel),
            Column(alerts, alert => alert.Code),
            Column(alerts, alert => alert.Path));
    }

    private static Task WriteWatermarksAsync(
        NpgsqlConnection connection, string department, SenderWatermark[] watermarks, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(
            """
            INSERT INTO alert_senders (department, sender, number) SELECT $1, * FROM unnest($2, $3)
            ON CONFLICT (department, sender) DO UPDATE SET number = excluded.number
            """,
            cancellationToken, Value(department), Column(watermarks, mark => mark.Sender), Column(watermarks, mark => mark.Number));

    private static StoredAlertEntry ReadEntry(NpgsqlDataReader reader) => new(
        reader.GetInt64(0), reader.GetInt64(1), reader.GetString(2), reader.GetInt64(3), reader.GetBoolean(4), (AlertLevel)reader.GetInt32(5),
        reader.GetString(6), reader.GetString(7), reader.GetFieldValue<byte[]>(8));
}
