using BenchmarkDotNet.Attributes;
using Monitoring.Indicators;
using Monitoring.Partitions;

namespace Monitoring.Micro;

/// <summary>A thousand contributions on their way to the parents of another partition: merged, packed as one delivery, acknowledged.</summary>
public class ContributionBenchmarks
{
    private readonly Outbox _outbox = new(receiver: 1);
    private readonly BucketDelta[] _deltas = MicroTree.Contributions();
    private ParentSlot[] _parents = [];

    /// <summary>Parents that the contributions are for.</summary>
    [Params(10, 1_000)]
    public int Nodes { get; set; }

    [GlobalSetup]
    public void Open()
    {
        _outbox.Open(receivedThrough: 0);
        _parents = [.. Enumerable.Range(0, Nodes).Select(parent => new ParentSlot(MicroTree.Parent(parent), _outbox))];
    }

    [Benchmark(OperationsPerInvoke = MicroTree.BatchPoints)]
    public ContributionDelivery? MergeAndSend()
    {
        for (var index = 0; index < _deltas.Length; index++)
        {
            _outbox.Add(_parents[index % _parents.Length], _deltas[index], entry: 1, acceptedAt: MicroTree.Start);
        }

        var delivery = _outbox.Next(sender: 0, epoch: 1, MicroTree.Dictionary.Version, appliedThrough: 1);
        _outbox.Acknowledge();
        return delivery;
    }
}
