using Microsoft.Data.Sqlite;
using Monitoring.Alerting;
using Monitoring.Departments;

namespace Monitoring.Storage.Sqlite;

/// <summary>Alert logs in SQLite.</summary>
internal sealed class SqliteAlertLogStore(SqliteDatabase database) : IAlertLogStore
{
    private const string EntryColumns =
        "l.cursor, l.logged_at, a.alert_id, a.first_cursor, a.is_open, a.peak_level, a.code, a.path, l.payload";

    public Task AppendAsync(
        string department, IReadOnlyList<StoredAlertEntry> entries, IReadOnlyList<SenderWatermark> watermarks,
        CancellationToken cancellationToken) => database.WriteAsync(
            (connection, transaction) =>
            {
                var last = (long)connection.Scalar(
                    transaction, "SELECT coalesce(max(cursor), 0) FROM alert_log WHERE department = @department", ("@department", department))!;
                if (entries.Count > 0 && entries[0].Cursor != last + 1)
                {
                    throw new AlertLogConflictException(department, entries[0].Cursor);
                }

                foreach (var entry in entries)
                {
                    Write(connection, transaction, department, entry);
                }

                foreach (var (sender, number) in watermarks)
                {
                    connection.Execute(
                        transaction,
                        """
                        INSERT INTO alert_senders (department, sender, number) VALUES (@department, @sender, @number)
                        ON CONFLICT (department, sender) DO UPDATE SET number = excluded.number
                        """,
                        ("@department", department), ("@sender", sender), ("@number", number));
                }
            },
            cancellationToken);

    public Task<AlertLogHead> LoadAsync(string department, CancellationToken cancellationToken) => database.ReadAsync(
        (connection, transaction) =>
        {
            var (cursor, loggedAt) = ReadEnd(connection, transaction, department);
            var open = ReadEntries(
                connection,
                transaction,
                $"""
                SELECT {EntryColumns} FROM alerts AS a
                JOIN alert_log AS l ON l.department = a.department AND l.cursor = a.last_cursor
                WHERE a.department = @department AND a.is_open = 1 ORDER BY a.first_cursor
                """,
                ("@department", department));
            return new AlertLogHead(cursor, loggedAt, ReadWatermarks(connection, transaction, department), open);
        },
        cancellationToken);

    public Task<IReadOnlyList<StoredAlertEntry>> ReadAsync(
        string department, long afterCursor, int limit, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<StoredAlertEntry>>(
            (connection, transaction) => ReadEntries(
                connection,
                transaction,
                $"""
                SELECT {EntryColumns} FROM alert_log AS l
                JOIN alerts AS a ON a.department = l.department AND a.alert_id = l.alert_id
                WHERE l.department = @department AND l.cursor > @after ORDER BY l.cursor LIMIT @limit
                """,
                ("@department", department), ("@after", afterCursor), ("@limit", limit)),
            cancellationToken);

    public Task<long> FindCursorAsync(string department, long timeUnixMs, CancellationToken cancellationToken) => database.ReadAsync(
        (connection, transaction) => (long)connection.Scalar(
            transaction,
            "SELECT coalesce(max(cursor), 0) FROM alert_log WHERE department = @department AND logged_at < @time",
            ("@department", department), ("@time", timeUnixMs))!,
        cancellationToken);

    public Task<IReadOnlyList<StoredAlertEntry>> ListAsync(
        string department, AlertFilter filter, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<StoredAlertEntry>>(
            (connection, transaction) => ReadEntries(
                connection,
                transaction,
                $"""
                SELECT {EntryColumns} FROM alerts AS a
                JOIN alert_log AS l ON l.department = a.department AND l.cursor = a.last_cursor
                WHERE a.department = @department
                    AND (@all OR a.is_open = 1)
                    AND (@before = 0 OR a.first_cursor < @before)
                    AND (@code = '' OR a.code = @code)
                    AND (@path = '' OR a.path = @path OR substr(a.path, 1, length(@path) + 1) = @path || '/')
                    AND (@levels = 0 OR (@levels >> a.peak_level) & 1)
                ORDER BY a.first_cursor DESC LIMIT @limit
                """,
                ("@department", department), ("@all", filter.IncludeResolved), ("@before", filter.BeforeCursor), ("@code", filter.Code),
                ("@path", filter.PathPrefix), ("@levels", LevelBits(filter)), ("@limit", filter.Limit)),
            cancellationToken);

    public Task<StoredAlertEntry?> FindAlertAsync(string department, string alertId, CancellationToken cancellationToken) => database.ReadAsync(
        (connection, transaction) => ReadEntries(
            connection,
            transaction,
            $"""
            SELECT {EntryColumns} FROM alerts AS a
            JOIN alert_log AS l ON l.department = a.department AND l.cursor = a.last_cursor
            WHERE a.department = @department AND a.alert_id = @alert
            """,
            ("@department", department), ("@alert", alertId)).SingleOrDefault(),
        cancellationToken);

    private static void Write(SqliteConnection connection, SqliteTransaction transaction, string department, StoredAlertEntry entry) =>
        connection.Execute(
            transaction,
            """
            INSERT INTO alert_log (department, cursor, logged_at, alert_id, payload) VALUES (@department, @cursor, @logged_at, @alert, @payload);
            INSERT INTO alerts (department, alert_id, first_cursor, last_cursor, is_open, peak_level, code, path)
            VALUES (@department, @alert, @first, @cursor, @open, @peak, @code, @path)
            ON CONFLICT (department, alert_id) DO UPDATE
            SET last_cursor = excluded.last_cursor, is_open = excluded.is_open, peak_level = excluded.peak_level;
            """,
            ("@department", department), ("@cursor", entry.Cursor), ("@logged_at", entry.LoggedAt), ("@alert", entry.AlertId),
            ("@payload", entry.Payload), ("@first", entry.FirstCursor), ("@open", entry.IsOpen), ("@peak", (int)entry.PeakLevel),
            ("@code", entry.Code), ("@path", entry.Path));

    private static (long Cursor, long LoggedAt) ReadEnd(SqliteConnection connection, SqliteTransaction transaction, string department)
    {
        using var command = connection.Command(
            transaction,
            "SELECT cursor, logged_at FROM alert_log WHERE department = @department ORDER BY cursor DESC LIMIT 1",
            ("@department", department));
        using var reader = command.ExecuteReader();
        return reader.Read() ? (reader.GetInt64(0), reader.GetInt64(1)) : (0, 0);
    }

    private static List<SenderWatermark> ReadWatermarks(SqliteConnection connection, SqliteTransaction transaction, string department)
    {
        using var command = connection.Command(
            transaction, "SELECT sender, number FROM alert_senders WHERE department = @department", ("@department", department));
        using var reader = command.ExecuteReader();
        var watermarks = new List<SenderWatermark>();
        while (reader.Read())
        {
            watermarks.Add(new SenderWatermark(reader.GetInt32(0), reader.GetInt64(1)));
        }

        return watermarks;
    }

    private static List<StoredAlertEntry> ReadEntries(
        SqliteConnection connection, SqliteTransaction transaction, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = connection.Command(transaction, sql, parameters);
        using var reader = command.ExecuteReader();
        var entries = new List<StoredAlertEntry>();
        while (reader.Read())
        {
            entries.Add(new StoredAlertEntry(
                reader.GetInt64(0), reader.GetInt64(1), reader.GetString(2), reader.GetInt64(3), reader.GetBoolean(4),
                (AlertLevel)reader.GetInt32(5), reader.GetString(6), reader.GetString(7), reader.GetFieldValue<byte[]>(8)));
        }

        return entries;
    }

    private static int LevelBits(AlertFilter filter)
    {
        var bits = 0;
        foreach (var level in filter.Levels)
        {
            bits |= 1 << (int)level;
        }

        return bits;
    }
}
