using Monitoring.Indicators;
using Monitoring.Partitions;

namespace Monitoring.ClusterTests.Engine;

/// <summary>A producer behind a gateway: numbers its batches, splits them by partition, and resends until they are durable.</summary>
public sealed class TestSource(EngineCluster cluster, string name)
{
    private readonly Dictionary<int, long> _previous = [];
    private readonly List<IReadOnlyList<TestPoint>> _sent = [];

    public long Epoch { get; private set; } = 1;

    /// <summary>Sends one batch; it is durable when this returns.</summary>
    public async Task SendAsync(IReadOnlyList<TestPoint> points, long dictionaryVersion)
    {
        _sent.Add(points);
        await DeliverAsync(_sent.Count, points, dictionaryVersion, DeliveryStatus.Accepted);
    }

    /// <summary>Reconnects: a new epoch, and the last batches once more.</summary>
    public async Task ResendAsync(int batches, long dictionaryVersion)
    {
        Epoch++;
        _previous.Clear();
        for (var sequence = Math.Max(1, _sent.Count - batches + 1); sequence <= _sent.Count; sequence++)
        {
            await DeliverAsync(sequence, _sent[sequence - 1], dictionaryVersion, DeliveryStatus.Duplicate);
        }
    }

    private Task DeliverAsync(int sequence, IReadOnlyList<TestPoint> points, long dictionaryVersion, DeliveryStatus expected) =>
        Task.WhenAll(points.GroupBy(point => cluster.Map.PartitionOf(point.Key)).Select(async group =>
        {
            var delivery = new PointDelivery
            {
                Source = name,
                Epoch = Epoch,
                Sequence = sequence,
                PreviousSequence = _previous.GetValueOrDefault(group.Key),
                DictionaryVersion = dictionaryVersion,
                Nodes = [.. group.Select(point => point.Key)],
                Times = [.. group.Select(point => point.Time)],
                Values = [.. group.Select(point => point.Value)],
                Corrections = group.Any(point => point.IsCorrection) ? [.. group.Select(point => point.IsCorrection)] : null,
            };
            var result = await cluster.DeliverAsync(group.Key, delivery);
            // A call whose answer was lost comes again and is then a duplicate.
            Assert.Contains(result.Status, new[] { expected, DeliveryStatus.Duplicate });
            Assert.True(result.UnknownIndicators.IsDefaultOrEmpty);
            Assert.True(result.OverdueCorrections.IsDefaultOrEmpty);
            lock (_previous)
            {
                _previous[group.Key] = sequence;
            }
        }));
}

/// <summary>One point.</summary>
public readonly record struct TestPoint(NodeKey Key, long Time, double Value, bool IsCorrection = false);
