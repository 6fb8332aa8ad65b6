using Monitoring.Partitions;
using Npgsql;
using static Monitoring.Storage.PostgreSql.PostgreSqlCommands;

namespace Monitoring.Storage.PostgreSql;

/// <summary>Writes the checkpoint of a partition within a transaction.</summary>
internal sealed class PostgreSqlCheckpoint(NpgsqlConnection connection, PartitionCheckpoint checkpoint)
{
    /// <exception cref="PartitionTakenOverException">Another activation claimed the partition; nothing was written.</exception>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        if (!await connection.IsClaimedAsync(checkpoint.Partition, checkpoint.Epoch, cancellationToken))
        {
            throw new PartitionTakenOverException(checkpoint.Partition, checkpoint.Entry);
        }

        var moved = await connection.ExecuteAsync(
            """
            INSERT INTO checkpoints (partition, entry, header) VALUES ($1, $2, $3)
            ON CONFLICT (partition) DO UPDATE SET entry = excluded.entry, header = excluded.header WHERE checkpoints.entry < excluded.entry
            """,
            cancellationToken, Value(checkpoint.Partition), Value(checkpoint.Entry), Bytes(checkpoint.Header));
        if (moved == 0)
        {
            if (await IsWrittenAsync(cancellationToken))
            {
                return;
            }

            throw new PartitionTakenOverException(checkpoint.Partition, checkpoint.Entry);
        }

        await BulkTables.Nodes.WriteAsync(connection, checkpoint.Partition, checkpoint.Nodes, cancellationToken);
        await new PostgreSqlBucketWriter(connection, checkpoint.Partition).WriteAsync(checkpoint.Nodes, cancellationToken);
        await PostgreSqlLateStore.WriteAsync(connection, checkpoint.Partition, checkpoint.Late, cancellationToken);
        var history = new PostgreSqlHistory(connection, checkpoint.Partition);
        await history.WriteChunksAsync(checkpoint, cancellationToken);
        await history.WriteCorrectionsAsync(checkpoint, cancellationToken);
        if (checkpoint.Trim is { } trim)
        {
            await history.TrimAsync(trim, cancellationToken);
        }

        await connection.ExecuteAsync(
            "DELETE FROM journal WHERE partition = $1 AND sequence <= $2", cancellationToken, Value(checkpoint.Partition), Value(checkpoint.Entry));
    }

    /// <summary>True when this very checkpoint was written before, and only the answer was lost.</summary>
    private async Task<bool> IsWrittenAsync(CancellationToken cancellationToken)
    {
        var found = await connection.QueryAsync(
            "SELECT FROM checkpoints WHERE partition = $1 AND entry = $2",
            _ => true, cancellationToken, Value(checkpoint.Partition), Value(checkpoint.Entry));
        return found.Count > 0;
    }
}
