using Microsoft.Data.Sqlite;
using Monitoring.Indicators;
using Monitoring.LatePoints;

namespace Monitoring.Storage.Sqlite;

/// <summary>Late points in SQLite.</summary>
internal sealed class SqliteLateStore(SqliteDatabase database) : ILateStore
{
    private const string Columns = "entry, item, code, path, time, value, source, received_at, allowed_lateness, reason, state";

    public Task<IReadOnlyList<LatePoint>> ReadAsync(int partition, LateSelection selection, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<LatePoint>>(
            (connection, transaction) =>
            {
                using var command = connection.Command(
                    transaction,
                    $"""
                    SELECT {Columns} FROM late_points
                    WHERE partition = @partition AND (entry, item) > (@entry, @item)
                        AND (@code = '' OR code = @code)
                        AND (@path = '' OR path = @path OR substr(path, 1, length(@path) + 1) = @path || '/')
                        AND received_at >= @from AND received_at < @until
                    ORDER BY entry, item LIMIT @limit
                    """,
                    ("@partition", partition), ("@entry", selection.After.Entry), ("@item", selection.After.Index), ("@code", selection.Code),
                    ("@path", selection.PathPrefix), ("@from", selection.ReceivedFrom), ("@until", selection.ReceivedUntil),
                    ("@limit", selection.Limit));
                return Read(command, partition);
            },
            cancellationToken);

    public Task<IReadOnlyList<LatePoint>> FindAsync(int partition, IReadOnlyList<LateId> ids, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<LatePoint>>(
            (connection, transaction) =>
            {
                using var command = connection.Command(
                    transaction, $"SELECT {Columns} FROM late_points WHERE partition = @partition AND entry = @entry AND item = @item",
                    ("@partition", partition), ("@entry", 0L), ("@item", 0));
                var found = new List<LatePoint>(ids.Count);
                foreach (var id in ids)
                {
                    command.Parameters["@entry"].Value = id.Entry;
                    command.Parameters["@item"].Value = id.Index;
                    found.AddRange(Read(command, partition));
                }

                return found;
            },
            cancellationToken);

    public async Task<LateTrim> TrimAsync(int partition, long epoch, long receivedBefore, int maxKept, CancellationToken cancellationToken)
    {
        var trim = default(LateTrim);
        await database.WriteAsync(
            (connection, transaction) =>
            {
                const string present = "EXISTS (SELECT 1 FROM partitions WHERE partition = @partition AND epoch = @epoch)";
                var expired = connection.Execute(
                    transaction, $"DELETE FROM late_points WHERE partition = @partition AND received_at < @before AND {present}",
                    ("@partition", partition), ("@epoch", epoch), ("@before", receivedBefore));
                var overflowed = connection.Execute(
                    transaction,
                    $"""
                    DELETE FROM late_points
                    WHERE partition = @partition AND {present} AND (entry, item) IN
                    (
                        SELECT entry, item FROM late_points WHERE partition = @partition ORDER BY entry, item
                        LIMIT max(0, (SELECT count(*) FROM late_points WHERE partition = @partition) - @max)
                    )
                    """,
                    ("@partition", partition), ("@epoch", epoch), ("@max", maxKept));
                trim = new LateTrim(expired, overflowed);
            },
            cancellationToken);
        return trim;
    }

    /// <summary>Writes what a checkpoint brings, within its transaction.</summary>
    public static void Write(SqliteConnection connection, SqliteTransaction transaction, LateChanges changes)
    {
        foreach (var point in changes.Kept)
        {
            connection.Execute(
                transaction,
                $"""
                INSERT INTO late_points (partition, {Columns})
                VALUES (@partition, @entry, @item, @code, @path, @time, @value, @source, @received_at, @allowed, @reason, @state)
                """,
                ("@partition", point.Id.Partition), ("@entry", point.Id.Entry), ("@item", point.Id.Index), ("@code", point.Key.Code),
                ("@path", point.Key.Path), ("@time", point.Time), ("@value", point.Value), ("@source", point.Source),
                ("@received_at", point.ReceivedAt), ("@allowed", point.AllowedLateness), ("@reason", (int)point.Reason),
                ("@state", (int)point.State));
        }

        foreach (var id in changes.Reinjected)
        {
            connection.Execute(
                transaction,
                "UPDATE late_points SET state = @state WHERE partition = @partition AND entry = @entry AND item = @item",
                ("@state", (int)LateState.Reinjected), ("@partition", id.Partition), ("@entry", id.Entry), ("@item", id.Index));
        }
    }

    private static List<LatePoint> Read(SqliteCommand command, int partition)
    {
        using var reader = command.ExecuteReader();
        var points = new List<LatePoint>();
        while (reader.Read())
        {
            points.Add(new LatePoint
            {
                Id = new LateId(partition, reader.GetInt64(0), reader.GetInt32(1)),
                Key = new NodeKey(reader.GetString(2), reader.GetString(3)),
                Time = reader.GetInt64(4),
                Value = reader.GetDouble(5),
                Source = reader.GetString(6),
                ReceivedAt = reader.GetInt64(7),
                AllowedLateness = reader.GetInt64(8),
                Reason = (LateReason)reader.GetInt32(9),
                State = (LateState)reader.GetInt32(10),
            });
        }

        return points;
    }
}
