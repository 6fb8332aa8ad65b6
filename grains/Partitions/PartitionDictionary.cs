using System.Collections.Immutable;
using Monitoring.Dictionary;

namespace Monitoring.Partitions;

/// <summary>
/// What indicators mean to a partition at the entry being applied. An indicator that was removed stands on without rules: its open alerts
/// end, and what its children still contribute arrives.
/// </summary>
internal sealed class PartitionDictionary(DictionarySnapshot stored, NodeTable nodes)
{
    private readonly Dictionary<string, IndicatorDefinition> _retired = new(StringComparer.Ordinal);

    /// <summary>The dictionary in force at the last applied entry.</summary>
    public DictionarySnapshot Current { get; private set; } = stored;

    /// <summary>What indicators meant that were removed while nodes of them were in use; their children may still contribute.</summary>
    public IReadOnlyCollection<IndicatorDefinition> Retired => _retired.Values;

    /// <summary>What a code means now; null for one that never was.</summary>
    public IndicatorDefinition? Define(string code) => Current.Find(code) ?? _retired.GetValueOrDefault(code);

    /// <summary>Takes over what a checkpoint says was removed.</summary>
    public void Restore(ImmutableArray<IndicatorDefinition> retired)
    {
        foreach (var definition in retired)
        {
            _retired[definition.Code] = definition;
        }
    }

    /// <summary>The indicators whose nodes hold in memory what other periods need than those of a next dictionary.</summary>
    public IReadOnlyList<IndicatorDefinition> OfOtherPeriods(DictionarySnapshot next) =>
        [.. next.Indicators.Where(now => Define(now.Code) is { } old && !now.HasSamePeriodsAs(old))];

    /// <summary>Puts the next dictionary in force, and visits the nodes that must be judged anew.</summary>
    public void Adopt(DictionarySnapshot next, Action<NodeSlot> judgeAnew)
    {
        foreach (var old in Current.Indicators)
        {
            var now = next.Find(old.Code);
            if (now is null)
            {
                _retired[old.Code] = old with { Rules = [] };
            }

            if (now is null || !now.HasSamePeriodsAs(old) || now.Statistic != old.Statistic || !now.Rules.SequenceEqual(old.Rules))
            {
                Visit(old.Code, judgeAnew);
            }
        }

        foreach (var now in next.Indicators)
        {
            if (_retired.Remove(now.Code))
            {
                Visit(now.Code, judgeAnew);
            }
        }

        Current = next;
    }

    /// <summary>Visits the nodes of an indicator that exist.</summary>
    public void Visit(string code, Action<NodeSlot> act)
    {
        foreach (var slot in nodes.OfCode(code))
        {
            if (slot.Exists)
            {
                act(slot);
            }
        }
    }
}
