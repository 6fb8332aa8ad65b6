using Monitoring.Indicators;
using Monitoring.Partitions;
using Monitoring.RawPoints;

namespace Monitoring.Micro;

/// <summary>A journal that is at once durable, because nobody reads it; nothing else is stored.</summary>
internal sealed class ForgetfulPartitionStore : IPartitionStore
{
    public Task AppendAsync(int partition, long epoch, long sequence, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    public Task ClaimAsync(int partition, long epoch, long checkpointEntry, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<PartitionImage> LoadAsync(int partition, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task WriteCheckpointAsync(PartitionCheckpoint checkpoint, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<NodeImage[]> LoadNodesAsync(int partition, IReadOnlyList<NodeLoad> nodes, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<Bucket>> ReadBucketsAsync(
        NodeKey key, long resolution, long start, long end, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<NodeHistory[]> LoadHistoryAsync(int partition, IReadOnlyList<HistoryLoad> loads, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<Correction>> ListCorrectionsAsync(CorrectionQuery query, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
