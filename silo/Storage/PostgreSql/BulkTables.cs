using Monitoring.History;
using Monitoring.Indicators;
using Monitoring.Partitions;
using Monitoring.RawPoints;
using BucketColumn = Monitoring.Storage.PostgreSql.BulkColumn<(Monitoring.History.BucketPlace Place, Monitoring.Indicators.Aggregate Aggregate)>;
using ChunkColumn = Monitoring.Storage.PostgreSql.BulkColumn<(int Number, Monitoring.RawPoints.RawChunk Chunk)>;
using NodeColumn = Monitoring.Storage.PostgreSql.BulkColumn<Monitoring.Partitions.CheckpointedNode>;

namespace Monitoring.Storage.PostgreSql;

/// <summary>What checkpoints write in bulk.</summary>
internal static class BulkTables
{
    /// <summary>Nodes; what is stored of one that only has its number stays.</summary>
    public static BulkInsert<CheckpointedNode> Nodes { get; } = new(
        "nodes",
        """
        ON CONFLICT (partition, number) DO UPDATE
        SET last_entry = excluded.last_entry, clock = excluded.clock, deadline = excluded.deadline, state = excluded.state
        WHERE excluded.state IS NOT NULL
        """,
        NodeColumn.Integer("number", node => node.Node.Number),
        NodeColumn.Text("code", node => node.Node.Key.Code),
        NodeColumn.Text("path", node => node.Node.Key.Path),
        NodeColumn.BigInt("last_entry", node => node.Node.LastEntry),
        NodeColumn.BigInt("clock", node => node.Node.Clock),
        NodeColumn.BigInt("deadline", node => node.Node.Deadline),
        NodeColumn.BytesOrNull("state", node => node.State));

    /// <summary>Buckets.</summary>
    public static BulkInsert<(BucketPlace Place, Aggregate Aggregate)> Buckets { get; } = new(
        "bucket_rows",
        """
        ON CONFLICT (partition, number, resolution, start) DO UPDATE
        SET count = excluded.count, raw_sum = excluded.raw_sum, compensation = excluded.compensation, min = excluded.min,
            max = excluded.max, first = excluded.first, first_time = excluded.first_time, last = excluded.last,
            last_time = excluded.last_time
        """,
        BucketColumn.Integer("number", row => row.Place.Number),
        BucketColumn.BigInt("resolution", row => row.Place.Resolution),
        BucketColumn.BigInt("start", row => row.Place.Start),
        BucketColumn.BigInt("count", row => row.Aggregate.Count),
        BucketColumn.DoubleOrNull("raw_sum", row => row.Aggregate.RawSum),
        BucketColumn.Double("compensation", row => row.Aggregate.Compensation),
        BucketColumn.Double("min", row => row.Aggregate.Min),
        BucketColumn.Double("max", row => row.Aggregate.Max),
        BucketColumn.Double("first", row => row.Aggregate.First),
        BucketColumn.BigInt("first_time", row => row.Aggregate.FirstTime),
        BucketColumn.Double("last", row => row.Aggregate.Last),
        BucketColumn.BigInt("last_time", row => row.Aggregate.LastTime));

    /// <summary>Full chunks of raw points; the same one again changes nothing.</summary>
    public static BulkInsert<(int Number, RawChunk Chunk)> Chunks { get; } = new(
        "raw_chunks",
        "ON CONFLICT DO NOTHING",
        ChunkColumn.Integer("number", row => row.Number),
        ChunkColumn.BigInt("sequence", row => row.Chunk.Sequence),
        ChunkColumn.BigInt("min_time", row => row.Chunk.MinTime),
        ChunkColumn.BigInt("max_time", row => row.Chunk.MaxTime),
        ChunkColumn.Integer("count", row => row.Chunk.Count),
        ChunkColumn.BytesOrNull("payload", row => row.Chunk.Payload));

    /// <summary>Statements that make the temporary tables.</summary>
    public static IReadOnlyList<string> Preparations { get; } = [Nodes.Preparation, Buckets.Preparation, Chunks.Preparation];
}
