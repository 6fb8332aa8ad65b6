using BenchmarkDotNet.Attributes;
using Monitoring.Indicators;

namespace Monitoring.Micro;

/// <summary>
/// One call of a node, by the number of its points or contributions, of one journal entry or of ten: a leaf, which no rule watches, and a
/// parent, whose rule is judged after each entry.
/// </summary>
public class NodeApplyBenchmarks
{
    private const int Parts = 10;

    private readonly RepeatedNode _leaf1 = RepeatedNode.Leaf(parts: 1, pointsOfEach: 1);
    private readonly RepeatedNode _leaf10 = RepeatedNode.Leaf(parts: 1, pointsOfEach: 10);
    private readonly RepeatedNode _leaf100 = RepeatedNode.Leaf(parts: 1, pointsOfEach: 100);
    private readonly RepeatedNode _leaf10Of10 = RepeatedNode.Leaf(Parts, pointsOfEach: 1);
    private readonly RepeatedNode _leaf100Of10 = RepeatedNode.Leaf(Parts, pointsOfEach: 10);
    private readonly RepeatedNode _parent1 = RepeatedNode.Parent(parts: 1, deltasOfEach: 1);
    private readonly RepeatedNode _parent10 = RepeatedNode.Parent(parts: 1, deltasOfEach: 10);
    private readonly RepeatedNode _parent100 = RepeatedNode.Parent(parts: 1, deltasOfEach: 100);
    private readonly RepeatedNode _parent10Of10 = RepeatedNode.Parent(Parts, deltasOfEach: 1);
    private readonly RepeatedNode _parent100Of10 = RepeatedNode.Parent(Parts, deltasOfEach: 10);

    [Benchmark(OperationsPerInvoke = 1)]
    public NodeOutcome Leaf1() => _leaf1.Apply();

    [Benchmark(OperationsPerInvoke = 10)]
    public NodeOutcome Leaf10() => _leaf10.Apply();

    [Benchmark(OperationsPerInvoke = 100)]
    public NodeOutcome Leaf100() => _leaf100.Apply();

    [Benchmark(OperationsPerInvoke = 10)]
    public NodeOutcome Leaf10OfTenEntries() => _leaf10Of10.Apply();

    [Benchmark(OperationsPerInvoke = 100)]
    public NodeOutcome Leaf100OfTenEntries() => _leaf100Of10.Apply();

    [Benchmark(OperationsPerInvoke = 1)]
    public NodeOutcome Parent1() => _parent1.Apply();

    [Benchmark(OperationsPerInvoke = 10)]
    public NodeOutcome Parent10() => _parent10.Apply();

    [Benchmark(OperationsPerInvoke = 100)]
    public NodeOutcome Parent100() => _parent100.Apply();

    [Benchmark(OperationsPerInvoke = 10)]
    public NodeOutcome Parent10OfTenEntries() => _parent10Of10.Apply();

    [Benchmark(OperationsPerInvoke = 100)]
    public NodeOutcome Parent100OfTenEntries() => _parent100Of10.Apply();
}
