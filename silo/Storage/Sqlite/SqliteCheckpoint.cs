using Microsoft.Data.Sqlite;
using Monitoring.Partitions;

namespace Monitoring.Storage.Sqlite;

/// <summary>Writes the checkpoint of a partition within a transaction.</summary>
internal sealed class SqliteCheckpoint(SqliteConnection connection, SqliteTransaction transaction)
{
    /// <exception cref="PartitionTakenOverException">Another activation claimed the partition; nothing was written.</exception>
    public void Write(PartitionCheckpoint checkpoint)
    {
        var claimed = connection.Execute(
            transaction,
            "UPDATE partitions SET entry = @entry, header = @header WHERE partition = @partition AND epoch = @epoch AND entry < @entry",
            ("@partition", checkpoint.Partition), ("@epoch", checkpoint.Epoch), ("@entry", checkpoint.Entry), ("@header", checkpoint.Header));
        if (claimed == 0)
        {
            if (IsWritten(checkpoint))
            {
                return;
            }

            throw new PartitionTakenOverException(checkpoint.Partition, checkpoint.Entry);
        }

        WriteNodes(checkpoint);
        WriteBuckets(checkpoint);
        SqliteLateStore.Write(connection, transaction, checkpoint.Late);
        var history = new SqliteHistory(connection, transaction);
        history.WriteChunks(checkpoint);
        history.WriteCorrections(checkpoint);
        if (checkpoint.Trim is { } trim)
        {
            history.Trim(checkpoint.Partition, trim);
        }

        connection.Execute(
            transaction, "DELETE FROM journal WHERE partition = @partition AND sequence <= @entry",
            ("@partition", checkpoint.Partition), ("@entry", checkpoint.Entry));
    }

    /// <summary>True when this very checkpoint was written before, and only the answer was lost.</summary>
    private bool IsWritten(PartitionCheckpoint checkpoint) =>
        connection.Scalar(
            transaction, "SELECT 1 FROM partitions WHERE partition = @partition AND epoch = @epoch AND entry = @entry",
            ("@partition", checkpoint.Partition), ("@epoch", checkpoint.Epoch), ("@entry", checkpoint.Entry)) is not null;

    private void WriteNodes(PartitionCheckpoint checkpoint)
    {
        using var command = connection.Command(
            transaction,
            """
            INSERT INTO nodes (partition, number, code, path, last_entry, clock, deadline, state)
            VALUES (@partition, @number, @code, @path, @last_entry, @clock, @deadline, @state)
            ON CONFLICT (partition, number) DO UPDATE
            SET last_entry = excluded.last_entry, clock = excluded.clock, deadline = excluded.deadline, state = excluded.state
            WHERE excluded.state IS NOT NULL
            """,
            ("@partition", checkpoint.Partition), ("@number", 0), ("@code", string.Empty), ("@path", string.Empty), ("@last_entry", 0L),
            ("@clock", 0L), ("@deadline", 0L), ("@state", null));
        foreach (var (node, state, _) in checkpoint.Nodes)
        {
            command.Parameters["@number"].Value = node.Number;
            command.Parameters["@code"].Value = node.Key.Code;
            command.Parameters["@path"].Value = node.Key.Path;
            command.Parameters["@last_entry"].Value = node.LastEntry;
            command.Parameters["@clock"].Value = node.Clock;
            command.Parameters["@deadline"].Value = node.Deadline;
            command.Parameters["@state"].Value = (object?)state ?? DBNull.Value;
            command.ExecuteNonQuery();
        }
    }

    private void WriteBuckets(PartitionCheckpoint checkpoint)
    {
        using var writer = new SqliteBucketWriter(connection, transaction, checkpoint.Partition);
        foreach (var node in checkpoint.Nodes)
        {
            writer.Write(node);
        }
    }
}
