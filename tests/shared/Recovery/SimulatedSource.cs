using Monitoring.Partitions;

namespace Monitoring.Recovery;

/// <summary>A producer behind a gateway: numbers its batches, splits them by partition, and sends until they are durable.</summary>
internal sealed class SimulatedSource(SimulatedCluster cluster, string name)
{
    private readonly Dictionary<int, long> _previous = [];
    private readonly List<IReadOnlyList<SentPoint>> _sent = [];
    private long _epoch = 1;

    /// <summary>Sends one batch; it is durable when this returns.</summary>
    public Task SendAsync(IReadOnlyList<SentPoint> points)
    {
        _sent.Add(points);
        return DeliverAsync(_sent.Count);
    }

    /// <summary>A new stream sends the last batches once more, while the old gateway has copies of them under way.</summary>
    public async Task ReconnectAsync(int batches)
    {
        var first = Math.Max(1, _sent.Count - batches + 1);
        foreach (var (partition, delivery) in Split(cluster.Random.Next(first, _sent.Count + 1)))
        {
            cluster.Detach(() => cluster.Partition(partition).DeliverManyAsync([delivery]));
        }

        _epoch++;
        _previous.Clear();
        for (var partition = 0; partition < SimulatedCluster.Partitions; partition++)
        {
            var number = partition;
            await cluster.PersistentlyAsync(() => cluster.Partition(number).OpenSourceAsync(name, _epoch));
        }

        for (var sequence = first; sequence <= _sent.Count; sequence++)
        {
            await DeliverAsync(sequence);
        }
    }

    private async Task DeliverAsync(int sequence)
    {
        foreach (var (partition, delivery) in Split(sequence))
        {
            var results = await cluster.PersistentlyAsync(() => cluster.Partition(partition).DeliverManyAsync([delivery]));
            Assert.Contains(results[0].Status, new[] { DeliveryStatus.Accepted, DeliveryStatus.Duplicate });
            Assert.True(results[0].UnknownIndicators.IsDefaultOrEmpty);
            Assert.True(results[0].OverdueCorrections.IsDefaultOrEmpty);
            _previous[partition] = sequence;
        }
    }

    private List<(int Partition, PointDelivery Delivery)> Split(int sequence) =>
    [
        .. _sent[sequence - 1].GroupBy(point => cluster.Map.PartitionOf(point.Key)).Select(group => (group.Key, new PointDelivery
        {
            Source = name,
            Epoch = _epoch,
            Sequence = sequence,
            PreviousSequence = _previous.GetValueOrDefault(group.Key),
            DictionaryVersion = cluster.Dictionaries[^1].Version,
            Nodes = [.. group.Select(point => point.Key)],
            Times = [.. group.Select(point => point.Time)],
            Values = [.. group.Select(point => point.Value)],
            Corrections = group.Any(point => point.IsCorrection) ? [.. group.Select(point => point.IsCorrection)] : null,
        })),
    ];
}
