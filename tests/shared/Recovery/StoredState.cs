using Monitoring.Indicators;
using Monitoring.LatePoints;
using Monitoring.Partitions;

namespace Monitoring.Recovery;

/// <summary>What stores hold of the nodes of all partitions, in words that can be compared.</summary>
internal sealed class StoredState
{
    private static readonly long[] Widths = [1_000, 60_000, 3_600_000, BucketRow.DayResolution];

    /// <summary>Nodes with their records, byte for byte.</summary>
    public List<string> Nodes { get; } = [];

    /// <summary>Chunks of raw points, byte for byte.</summary>
    public List<string> Chunks { get; } = [];

    /// <summary>Late points and what became of them.</summary>
    public List<LatePoint> Late { get; } = [];

    /// <summary>Buckets, by partition, node, width and start.</summary>
    public SortedDictionary<(int, int, long, long), Aggregate> Buckets { get; } = [];

    public static StoredState Read(ClusterStores stores)
    {
        var state = new StoredState();
        for (var partition = 0; partition < SimulatedCluster.Partitions; partition++)
        {
            state.Read(stores, partition);
        }

        return state;
    }

    private void Read(ClusterStores stores, int partition)
    {
        var nodes = stores.Ask(stores => stores.Partitions.LoadAsync(partition, CancellationToken.None)).Nodes;
        var loads = nodes.Select(node => new NodeLoad(node.Number, node.Key, Widths[0], long.MaxValue, long.MaxValue)).ToList();
        var images = stores.Ask(stores => stores.Partitions.LoadNodesAsync(partition, loads, CancellationToken.None));
        Nodes.AddRange(nodes.Zip(images).Select(pair => $"{partition} {pair.First} {(pair.Second.State is { } state ? Convert.ToHexString(state) : "-")}"));
        foreach (var width in Widths)
        {
            ReadHistory(stores, partition, nodes, width);
        }

        Late.AddRange(stores.Ask(stores => stores.Late.ReadAsync(partition, new LateSelection { Limit = 100_000 }, CancellationToken.None)));
    }

    private void ReadHistory(ClusterStores stores, int partition, IReadOnlyList<StoredNode> nodes, long width)
    {
        var all = new HistorySpan { BucketsFrom = 0, BucketsUntil = long.MaxValue, RawFrom = 0, RawUntil = width == Widths[0] ? long.MaxValue : 0 };
        var loads = nodes.Select(node => new HistoryLoad(node.Number, width, [all])).ToList();
        var histories = stores.Ask(stores => stores.Partitions.LoadHistoryAsync(partition, loads, CancellationToken.None));
        foreach (var (node, history) in nodes.Zip(histories))
        {
            foreach (var bucket in history.Buckets)
            {
                Buckets.Add((partition, node.Number, bucket.Resolution, bucket.Start), bucket.Aggregate);
            }

            Chunks.AddRange(history.Chunks.Select(chunk => $"{partition} {node.Key} {chunk.Sequence} {Convert.ToHexString(chunk.Payload)}"));
        }
    }
}
