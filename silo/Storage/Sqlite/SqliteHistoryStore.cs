using Monitoring.History;

namespace Monitoring.Storage.Sqlite;

/// <summary>Lets history go in SQLite.</summary>
internal sealed class SqliteHistoryStore(SqliteDatabase database) : IHistoryStore
{
    public async Task<int> TrimBucketsAsync(
        int partition, long epoch, IReadOnlyList<BucketTrim> trims, int maxOfEach, CancellationToken cancellationToken)
    {
        var trimmed = 0;
        await database.WriteAsync(
            (connection, transaction) =>
            {
                trimmed = 0;
                if (connection.Scalar(
                    transaction, "SELECT 1 FROM partitions WHERE partition = @partition AND epoch = @epoch",
                    ("@partition", partition), ("@epoch", epoch)) is null)
                {
                    return;
                }

                using var command = connection.Command(
                    transaction,
                    """
                    DELETE FROM bucket_rows
                    WHERE partition = @partition AND number = @number AND resolution = @resolution AND start IN
                    (
                        SELECT start FROM bucket_rows
                        WHERE partition = @partition AND number = @number AND resolution = @resolution AND start < @before
                        ORDER BY start LIMIT @max
                    )
                    """,
                    ("@partition", partition), ("@number", 0), ("@resolution", 0L), ("@before", 0L), ("@max", maxOfEach));
                foreach (var trim in trims)
                {
                    command.Parameters["@number"].Value = trim.Number;
                    command.Parameters["@resolution"].Value = trim.Resolution;
                    command.Parameters["@before"].Value = trim.Before;
                    trimmed += command.ExecuteNonQuery();
                }
            },
            cancellationToken);
        return trimmed;
    }
}
