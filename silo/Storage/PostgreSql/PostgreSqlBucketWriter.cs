using Monitoring.History;
using Monitoring.Indicators;
using Monitoring.Partitions;
using Npgsql;
using static Monitoring.Storage.PostgreSql.PostgreSqlCommands;

namespace Monitoring.Storage.PostgreSql;

/// <summary>Writes the buckets of a checkpoint, coarse ones included, within its transaction.</summary>
internal sealed class PostgreSqlBucketWriter(NpgsqlConnection connection, int partition)
{
    /// <summary>Nodes whose buckets go together: each has a few, and with them a few statements.</summary>
    private const int NodesPerStep = 1_000;

    /// <summary>Places that are read with one statement: a node that catches up has thousands of buckets.</summary>
    private const int PlacesPerStatement = 5_000;

    public async Task WriteAsync(IReadOnlyList<CheckpointedNode> nodes, CancellationToken cancellationToken)
    {
        foreach (var step in nodes.Where(node => node.Buckets.Length > 0).Chunk(NodesPerStep))
        {
            var merge = new BucketMerge(step);
            foreach (var places in merge.Needed.Chunk(PlacesPerStatement))
            {
                await ReadAsync(merge, places, cancellationToken);
            }

            var (rows, restated) = merge.Merge();
            await BulkTables.Buckets.WriteAsync(connection, partition, rows, cancellationToken);
            foreach (var bucket in restated)
            {
                await RestateAsync(bucket, cancellationToken);
            }
        }
    }

    /// <summary>Makes a coarse bucket anew from the fine ones that are stored.</summary>
    public async Task RestateAsync(CoarseBucket bucket, CancellationToken cancellationToken)
    {
        var fine = await connection.QueryAsync(
            $"""
            SELECT {AggregateColumns.Names} FROM bucket_rows
            WHERE partition = $1 AND number = $2 AND resolution = $3 AND start >= $4 AND start < $5 ORDER BY start
            """,
            row => AggregateColumns.Read(row, 0),
            cancellationToken,
            Value(partition), Value(bucket.Place.Number), Value(bucket.FineResolution), Value(bucket.Place.Start),
            Value(bucket.Place.Start + bucket.Place.Resolution));
        var whole = fine.Aggregate(default(Aggregate), (sum, aggregate) => Aggregate.Merge(sum, aggregate));
        await BulkTables.Buckets.WriteAsync(connection, partition, [(bucket.Place, whole)], cancellationToken);
    }

    private async Task ReadAsync(BucketMerge merge, BucketPlace[] places, CancellationToken cancellationToken)
    {
        var stored = await connection.QueryAsync(
            $"""
            SELECT a.place::integer, {AggregateColumns.Names}
            FROM unnest($2, $3, $4) WITH ORDINALITY AS a (number, resolution, start, place)
            JOIN bucket_rows AS b ON b.partition = $1 AND b.number = a.number AND b.resolution = a.resolution AND b.start = a.start
            """,
            row => (Place: row.GetInt32(0), Aggregate: AggregateColumns.Read(row, 1)),
            cancellationToken,
            Value(partition),
            Column(places, place => place.Number),
            Column(places, place => place.Resolution),
            Column(places, place => place.Start));
        foreach (var (place, aggregate) in stored)
        {
            merge.OnStored(places[place - 1], aggregate);
        }
    }
}
