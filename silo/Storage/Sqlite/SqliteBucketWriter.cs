using Microsoft.Data.Sqlite;
using Monitoring.History;
using Monitoring.Indicators;
using Monitoring.Partitions;

namespace Monitoring.Storage.Sqlite;

/// <summary>Writes the buckets of a checkpoint, coarse ones included, within its transaction.</summary>
internal sealed class SqliteBucketWriter : IDisposable
{
    private readonly SqliteCommand _read;
    private readonly SqliteCommand _write;
    private readonly SqliteCommand _readWithin;

    public SqliteBucketWriter(SqliteConnection connection, SqliteTransaction transaction, int partition)
    {
        _read = connection.Command(
            transaction,
            $"""
            SELECT {AggregateColumns.Names} FROM bucket_rows
            WHERE partition = @partition AND number = @number AND resolution = @resolution AND start = @start
            """,
            ("@partition", partition), ("@number", 0), ("@resolution", 0L), ("@start", 0L));
        _write = connection.Command(
            transaction,
            $"""
            INSERT OR REPLACE INTO bucket_rows (partition, number, resolution, start, {AggregateColumns.Names})
            VALUES (@partition, @number, @resolution, @start, {SqliteAggregate.Parameters})
            """,
            ("@partition", partition), ("@number", 0), ("@resolution", 0L), ("@start", 0L), ("@count", 0L), ("@raw_sum", 0.0),
            ("@compensation", 0.0), ("@min", 0.0), ("@max", 0.0), ("@first", 0.0), ("@first_time", 0L), ("@last", 0.0), ("@last_time", 0L));
        _readWithin = connection.Command(
            transaction,
            $"""
            SELECT {AggregateColumns.Names} FROM bucket_rows
            WHERE partition = @partition AND number = @number AND resolution = @resolution AND start >= @start AND start < @end
            ORDER BY start
            """,
            ("@partition", partition), ("@number", 0), ("@resolution", 0L), ("@start", 0L), ("@end", 0L));
    }

    public void Write(CheckpointedNode node)
    {
        if (node.Buckets.Length == 0)
        {
            return;
        }

        var merge = new BucketMerge([node]);
        foreach (var place in merge.Needed.ToArray())
        {
            merge.OnStored(place, Read(place));
        }

        var (rows, restated) = merge.Merge();
        foreach (var (place, aggregate) in rows)
        {
            Write(place, aggregate);
        }

        restated.ForEach(Restate);
    }

    /// <summary>Makes a coarse bucket anew from the fine ones that are stored.</summary>
    public void Restate(CoarseBucket bucket)
    {
        Set(_readWithin, bucket.Place with { Resolution = bucket.FineResolution });
        _readWithin.Parameters["@end"].Value = bucket.Place.Start + bucket.Place.Resolution;
        var whole = default(Aggregate);
        using (var reader = _readWithin.ExecuteReader())
        {
            while (reader.Read())
            {
                whole = Aggregate.Merge(whole, AggregateColumns.Read(reader, 0));
            }
        }

        Write(bucket.Place, whole);
    }

    public void Dispose()
    {
        _read.Dispose();
        _write.Dispose();
        _readWithin.Dispose();
    }

    private Aggregate Read(BucketPlace place)
    {
        Set(_read, place);
        using var reader = _read.ExecuteReader();
        return reader.Read() ? AggregateColumns.Read(reader, 0) : default;
    }

    private void Write(BucketPlace place, in Aggregate aggregate)
    {
        Set(_write, place);
        SqliteAggregate.Write(_write.Parameters, aggregate);
        _write.ExecuteNonQuery();
    }

    private static void Set(SqliteCommand command, BucketPlace place)
    {
        command.Parameters["@number"].Value = place.Number;
        command.Parameters["@resolution"].Value = place.Resolution;
        command.Parameters["@start"].Value = place.Start;
    }
}
