using Monitoring.Indicators;
using Monitoring.Partitions;
using Monitoring.RawPoints;

namespace Monitoring.Infrastructure;

/// <summary>A store that can do nothing but what a test overrides.</summary>
internal abstract class PartitionStoreStub : IPartitionStore
{
    public virtual Task WriteCheckpointAsync(PartitionCheckpoint checkpoint, CancellationToken cancellationToken) => throw new NotSupportedException();

    public virtual Task<PartitionImage> LoadAsync(int partition, CancellationToken cancellationToken) => throw new NotSupportedException();

    public virtual Task ClaimAsync(
        int partition, long epoch, long checkpointEntry, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public virtual Task AppendAsync(int partition, long epoch, long sequence, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public virtual Task<NodeImage[]> LoadNodesAsync(int partition, IReadOnlyList<NodeLoad> nodes, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public virtual Task<IReadOnlyList<Bucket>> ReadBucketsAsync(
        NodeKey key, long resolution, long start, long end, CancellationToken cancellationToken) => throw new NotSupportedException();

    public virtual Task<NodeHistory[]> LoadHistoryAsync(int partition, IReadOnlyList<HistoryLoad> loads, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public virtual Task<IReadOnlyList<Correction>> ListCorrectionsAsync(CorrectionQuery query, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
