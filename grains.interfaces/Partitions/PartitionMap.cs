using Monitoring.Indicators;

namespace Monitoring.Partitions;

/// <summary>Assigns nodes to partitions; fixed for the life of a cluster.</summary>
/// <param name="Count">Number of partitions, 1 to 4,096.</param>
public sealed record PartitionMap(int Count)
{
    /// <summary>Number of the partition that owns a node, from 0.</summary>
    public int PartitionOf(NodeKey key) => (int)(key.Hash % (uint)Count);
}
