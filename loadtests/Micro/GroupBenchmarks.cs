using BenchmarkDotNet.Attributes;
using Monitoring.Partitions;

namespace Monitoring.Micro;

/// <summary>Sorting the points of journal entries by node, so that each node is called once.</summary>
public class GroupBenchmarks
{
    private const int Many = 8;

    private readonly NodeGrouping _grouping = new();
    private JournalEntry[] _one = [];
    private JournalEntry[] _many = [];

    /// <summary>Nodes that the points are of.</summary>
    [Params(10, 1_000)]
    public int Nodes { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        var nodes = MicroTree.Table(Nodes);
        _many = [.. Enumerable.Range(1, Many).Select(sequence => MicroTree.Entry(sequence, nodes))];
        _one = _many[..1];
    }

    [Benchmark(OperationsPerInvoke = MicroTree.BatchPoints)]
    public int OneEntry() => Group(_one);

    [Benchmark(OperationsPerInvoke = Many * MicroTree.BatchPoints)]
    public int EightEntries() => Group(_many);

    private int Group(JournalEntry[] entries)
    {
        _grouping.Group(entries);
        return _grouping.Count;
    }
}
