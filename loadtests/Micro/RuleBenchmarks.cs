using BenchmarkDotNet.Attributes;
using Monitoring.Alerting;
using Monitoring.Dictionary;

namespace Monitoring.Micro;

/// <summary>Judging one rule of one level once.</summary>
public class RuleBenchmarks
{
    private static readonly RuleDefinition Rule = MicroTree.Definition.Rules[0];
    private static readonly AlertOrigin Origin = new(Partition: 12, Entry: 3_045, Node: 7, Ordinal: 0);
    private static readonly RuleState Normal = new() { Rule = Rule.Id };

    private readonly Judgement _below = new(MicroTree.Threshold - 1, Points: 100, MicroTree.Start);
    private readonly Judgement _above = new(MicroTree.Threshold + 1, Points: 100, MicroTree.Start);
    private RuleState _firing = Normal;

    [GlobalSetup]
    public void Fire() => _firing = RuleEvaluation.Next(Rule, Normal, _above, Origin).State;

    /// <summary>All that is asked of a rule that is normal and stays so.</summary>
    [Benchmark]
    public bool IsCalm() => RuleEvaluation.IsCalm(Rule, _below);

    [Benchmark]
    public bool StaysNormal() => HasStep(Normal, _below);

    [Benchmark]
    public bool StaysFiring() => HasStep(_firing, _above);

    [Benchmark]
    public bool BeginsToFire() => HasStep(Normal, _above);

    [Benchmark]
    public bool Resolves() => HasStep(_firing, _below);

    private static bool HasStep(RuleState state, Judgement judgement) => RuleEvaluation.Next(Rule, state, judgement, Origin).Step is not null;
}
