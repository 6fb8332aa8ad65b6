using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Monitoring.Partitions;
using Prometheus;

namespace Monitoring.Micro;

/// <summary>
/// One round of a partition's pump: deliveries wait, become one journal entry, and are answered. The journal keeps nothing, so this is what
/// the pump itself costs.
/// </summary>
public class PumpBenchmarks
{
    private const int Many = 8;

    private readonly GrainTurns _turns = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly PointDelivery[] _deliveries = [.. Enumerable.Range(1, Many).Select(Delivery)];
    private PartitionMailbox _mailbox = null!;
    private Task _running = Task.CompletedTask;
    private long _sequence;
    private long _entries;

    [GlobalSetup]
    public void Start()
    {
        var (nodes, options, clock, metrics) = (new NodeTable(), new PartitionOptions(), TimeProvider.System, new PartitionMetrics(Metrics.DefaultFactory));
        var health = new PartitionHealth(clock, NullLogger<PartitionHealth>.Instance);
        var journal = new PartitionJournal(
            partition: 0, claimedAs: 1, lastAt: 0, nodes, new ForgetfulPartitionStore(), options, clock, metrics, health);
        _mailbox = new PartitionMailbox(journal, nodes, new SenderTable(), options, clock, metrics)
        {
            CorrectionsFrom = at => at,
            Dictionary = MicroTree.Dictionary,
            Journaled = _ => _entries++,
            IsBacklogged = () => false,
            IsCongested = () => false,
        };
        _running = _turns.RunAsync(() => _mailbox.RunAsync(_stop.Token));
    }

    [GlobalCleanup]
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    [Benchmark(OperationsPerInvoke = MicroTree.BatchPoints)]
    public Task OneDelivery() => PumpAsync(1);

    [Benchmark(OperationsPerInvoke = Many * MicroTree.BatchPoints)]
    public Task EightDeliveries() => PumpAsync(Many);

    private Task PumpAsync(int count) => _turns.RunAsync(async () =>
    {
        var before = _entries;
        var answers = new Task<PointDeliveryResult>[count];
        for (var index = 0; index < count; index++)
        {
            _sequence++;
            answers[index] = _mailbox.PostAsync(_deliveries[index] with { Sequence = _sequence, PreviousSequence = _sequence - 1 });
        }

        await Task.WhenAll(answers);
        if (_entries != before + 1)
        {
            throw new InvalidOperationException($"{count} deliveries took {_entries - before} journal entries, expected one.");
        }
    });

    private static PointDelivery Delivery(int seed)
    {
        var (leaves, times, values) = MicroTree.Points(seed, MicroTree.Leaves);
        return new PointDelivery
        {
            Source = "load",
            Epoch = 1,
            Sequence = 0,
            PreviousSequence = 0,
            DictionaryVersion = MicroTree.Dictionary.Version,
            Nodes = Array.ConvertAll(leaves, MicroTree.Leaf),
            Times = times,
            Values = values,
        };
    }
}
