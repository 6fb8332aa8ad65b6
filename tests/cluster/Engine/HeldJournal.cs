using Monitoring.ClusterTests.Storage;
using Monitoring.Indicators;
using Monitoring.Partitions;
using Monitoring.RawPoints;
using Microsoft.Extensions.DependencyInjection;

namespace Monitoring.ClusterTests.Engine;

/// <summary>A storage whose journals can be held up, and let go entry by entry.</summary>
public sealed class HeldJournal : TestStorage
{
    private readonly SqliteFolder _inner = new();
    private readonly SemaphoreSlim _permits = new(0);
    private readonly SemaphoreSlim _appended = new(0);
    private volatile int _held = -1;

    /// <summary>From now on every entry of a partition waits to be let go.</summary>
    public void Hold(int partition) => _held = partition;

    /// <summary>Lets one entry become durable, and waits until it is.</summary>
    public async Task LetOneGoAsync()
    {
        _permits.Release();
        await _appended.WaitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Holds nothing any more.</summary>
    public void LetAllGo()
    {
        _held = -1;
        _permits.Release(1_000_000);
    }

    public override ValueTask DisposeAsync()
    {
        _permits.Dispose();
        _appended.Dispose();
        return _inner.DisposeAsync();
    }

    internal override Task<OpenStorage> OpenAsync(int partitions = Partitions) => _inner.OpenAsync(partitions);

    internal override void AddTo(ISiloBuilder silo, OpenStorage open)
    {
        _inner.AddTo(silo, open);
        silo.Services.AddSingleton<IPartitionStore>(new Store(this, open.Partitions));
    }

    private sealed class Store(HeldJournal journal, IPartitionStore inner) : IPartitionStore
    {
        public async Task AppendAsync(int partition, long epoch, long sequence, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
        {
            if (partition != journal._held)
            {
                await inner.AppendAsync(partition, epoch, sequence, payload, cancellationToken);
                return;
            }

            await journal._permits.WaitAsync(cancellationToken);
            await inner.AppendAsync(partition, epoch, sequence, payload, cancellationToken);
            journal._appended.Release();
        }

        public Task<PartitionImage> LoadAsync(int partition, CancellationToken cancellationToken) => inner.LoadAsync(partition, cancellationToken);

        public Task ClaimAsync(
            int partition, long epoch, long checkpointEntry, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken) =>
            inner.ClaimAsync(partition, epoch, checkpointEntry, payload, cancellationToken);

        public Task WriteCheckpointAsync(PartitionCheckpoint checkpoint, CancellationToken cancellationToken) =>
            inner.WriteCheckpointAsync(checkpoint, cancellationToken);

        public Task<NodeImage[]> LoadNodesAsync(int partition, IReadOnlyList<NodeLoad> nodes, CancellationToken cancellationToken) =>
            inner.LoadNodesAsync(partition, nodes, cancellationToken);

        public Task<IReadOnlyList<Bucket>> ReadBucketsAsync(
            NodeKey key, long resolution, long start, long end, CancellationToken cancellationToken) =>
            inner.ReadBucketsAsync(key, resolution, start, end, cancellationToken);

        public Task<NodeHistory[]> LoadHistoryAsync(int partition, IReadOnlyList<HistoryLoad> loads, CancellationToken cancellationToken) =>
            inner.LoadHistoryAsync(partition, loads, cancellationToken);

        public Task<IReadOnlyList<Correction>> ListCorrectionsAsync(CorrectionQuery query, CancellationToken cancellationToken) =>
            inner.ListCorrectionsAsync(query, cancellationToken);
    }
}
