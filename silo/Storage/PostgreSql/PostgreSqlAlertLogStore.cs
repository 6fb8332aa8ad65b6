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

    /// <summary>Writes all or nothing; tells how many entries: none when the log does not end in front of the first one.</summary>
    private const string Append =
        """
        WITH fitting AS (
            SELECT $1 AS department WHERE (SELECT coalesce(max(cursor), 0) FROM alert_log WHERE department = $1) = ($2::bigint[])[1] - 1
        ), logged AS (
            INSERT INTO alert_log (department, cursor, logged_at, alert_id, payload)
            SELECT department, entry.* FROM fitting, unnest($2, $3, $4, $5) AS entry
            RETURNING cursor
        ), changed AS (
            INSERT INTO alerts (department, alert_id, first_cursor, last_cursor, is_open, peak_level, code, path)
            SELECT department, alert.* FROM fitting, unnest($6, $7, $8, $9, $10, $11, $12) AS alert
            ON CONFLICT (department, alert_id) DO UPDATE
            SET last_cursor = excluded.last_cursor, is_open = excluded.is_open, peak_level = excluded.peak_level
        ), marked AS (
            INSERT INTO alert_senders (department, sender, number)
            SELECT department, mark.* FROM fitting, unnest($13, $14) AS mark
            ON CONFLICT (department, sender) DO UPDATE SET number = excluded.number
        )
        SELECT count(*) FROM logged
        """;

    /// <remarks>One statement, hence one round trip and no transaction but its own: an alert waits for it on its way to its watchers.</remarks>
    public async Task AppendAsync(
        string department, IReadOnlyList<StoredAlertEntry> entries, IReadOnlyList<SenderWatermark> watermarks,
        CancellationToken cancellationToken)
    {
        // A statement may change a row only once: of several steps of an alert, the last one counts.
        var last = new Dictionary<string, StoredAlertEntry>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            last[entry.AlertId] = entry;
        }

        StoredAlertEntry[] rows = [.. entries];
        StoredAlertEntry[] alerts = [.. last.Values];
        SenderWatermark[] marks = [.. watermarks];
        try
        {
            var written = await database.AppendAsync(
                Append,
                row => row.GetInt64(0),
                cancellationToken,
                Value(department),
                Column(rows, entry => entry.Cursor),
                Column(rows, entry => entry.LoggedAt),
                Column(rows, entry => entry.AlertId),
                Column(rows, entry => entry.Payload),
                Column(alerts, alert => alert.AlertId),
                Column(alerts, alert => alert.FirstCursor),
                Column(alerts, alert => alert.Cursor),
                Column(alerts, alert => alert.IsOpen),
                Column(alerts, alert => (int)alert.PeakLevel),
                Column(alerts, alert => alert.Code),
                Column(alerts, alert => alert.Path),
                Column(marks, mark => mark.Sender),
                Column(marks, mark => mark.Number));
            if (written[0] == 0)
            {
                throw new AlertLogConflictException(department, rows[0].Cursor);
            }
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

    private static StoredAlertEntry ReadEntry(NpgsqlDataReader reader) => new(
        reader.GetInt64(0), reader.GetInt64(1), reader.GetString(2), reader.GetInt64(3), reader.GetBoolean(4), (AlertLevel)reader.GetInt32(5),
        reader.GetString(6), reader.GetString(7), reader.GetFieldValue<byte[]>(8));
}
