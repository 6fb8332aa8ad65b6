using System.Collections.Immutable;
using Monitoring.Alerting;
using Monitoring.Dictionary;

namespace Monitoring.Indicators;

/// <summary>Everything a node computes. Pure but for the <see cref="NodeState"/> it is given; knows no clock and no storage.</summary>
internal static class NodeCalculation
{
    /// <summary>Folds an input into a node's state, and tells what follows from it.</summary>
    public static NodeOutcome Apply(NodeState state, NodeKey key, NodeInput input)
    {
        if (input.History is not null || !state.Record.Suspects.IsEmpty)
        {
            return ApplyRestating(state, key, input);
        }

        var definition = input.Visit.Definition;
        var deltas = Fold(state, input);
        Advance(state, input, deltas);
        foreach (ref readonly var delta in deltas.AsSpan())
        {
            state.Add(definition, delta);
        }

        var transitions = Judge(state, key, input, out var deadline);
        return new NodeOutcome
        {
            IsApplied = true,
            Contributions = key.Path.Length == 0 ? [] : deltas,
            Transitions = transitions,
            Deadline = deadline,
        };
    }

    private static NodeOutcome ApplyRestating(NodeState state, NodeKey key, NodeInput input)
    {
        Advance(state, input, []);
        var restatement = new NodeRestatement(state, key, input);
        var deltas = restatement.Apply();
        Advance(state, input, deltas);
        var transitions = Judge(state, key, input, out var deadline);
        return new NodeOutcome
        {
            IsApplied = true,
            Contributions = key.Path.Length == 0 ? [] : deltas,
            Transitions = transitions,
            Deadline = deadline,
            Corrections = [.. restatement.Corrections],
            RefusedCorrections = restatement.Refused,
            Collections = [.. restatement.Collections],
            Mismatches = restatement.Mismatches,
        };
    }

    private static void Advance(NodeState state, NodeInput input, ReadOnlySpan<BucketDelta> deltas)
    {
        var newest = state.Record.NewestPoint;
        foreach (ref readonly var delta in deltas)
        {
            newest = Math.Max(newest, delta.Added.LastTime);
        }

        state.Record = state.Record with { Clock = Math.Max(state.Record.Clock, input.At), NewestPoint = newest };
    }

    /// <summary>A node as it stands at a time.</summary>
    public static NodeReading Read(NodeState state, NodeKey key, IndicatorDefinition definition, long now)
    {
        var window = PeriodWindow.At(definition, Math.Max(now, state.Record.Clock));
        var total = state.Total(definition, window);
        var rules = ImmutableArray.CreateBuilder<RuleStatus>();
        foreach (var rule in definition.Rules)
        {
            if (PathPattern.Matches(rule.Path, key.Path))
            {
                rules.Add(StatusOf(Find(state.Record.Rules, rule.Id)));
            }
        }

        return new NodeReading
        {
            Key = key,
            Value = total.Read(definition.Statistic),
            Aggregate = total,
            PeriodStart = window.Start,
            PeriodEnd = window.End,
            NewestPoint = state.Record.NewestPoint,
            Rules = rules.ToImmutable(),
        };
    }

    private static BucketDelta[] Fold(NodeState state, NodeInput input)
    {
        if (input.PointCount + input.DeltaCount == 0)
        {
            return [];
        }

        var folded = new BucketDeltas(capacity: 1);
        for (var index = input.PointStart; index < input.PointStart + input.PointCount; index++)
        {
            var (time, value) = (input.Times[index], input.Values[index]);
            state.Raw.Append(time, value, replaces: false);
            folded.Add(PeriodWindow.BucketStart(time, state.Resolution), new Aggregate(time, value));
        }

        for (var index = input.DeltaStart; index < input.DeltaStart + input.DeltaCount; index++)
        {
            folded.Add(input.Deltas[index].Start, input.Deltas[index].Added);
        }

        return folded.ToArray();
    }

    private static ImmutableArray<AlertTransition> Judge(NodeState state, NodeKey key, NodeInput input, out long deadline)
    {
        deadline = long.MaxValue;
        var definition = input.Visit.Definition;
        var before = state.Record.Rules;
        if (definition.Rules.IsEmpty && before.IsEmpty)
        {
            return [];
        }

        var now = state.Record.Clock;
        var window = PeriodWindow.At(definition, now);
        var total = state.Total(definition, window);
        var judgement = new Judgement(total.Read(definition.Statistic), total.Count, now);
        var steps = ImmutableArray.CreateBuilder<AlertTransition>();
        var after = ImmutableArray.CreateBuilder<RuleState>();
        var isWatched = false;
        foreach (var rule in definition.Rules)
        {
            if (!PathPattern.Matches(rule.Path, key.Path))
            {
                continue;
            }

            isWatched = true;
            var origin = new AlertOrigin(input.Partition, input.Entry, input.Number, after.Count);
            var (next, step) = RuleEvaluation.Next(rule, Find(before, rule.Id), judgement, origin);
            Record(rule.Id, step);
            deadline = Math.Min(deadline, RuleEvaluation.Deadline(rule, next));
            if (!next.Levels.IsEmpty)
            {
                after.Add(next);
            }
        }

        foreach (var old in before)
        {
            if (!definition.Rules.Any(rule => rule.Id == old.Rule && PathPattern.Matches(rule.Path, key.Path)))
            {
                Record(old.Rule, RuleEvaluation.Withdraw(old));
            }
        }

        deadline = isWatched ? Math.Min(deadline, state.NextDeparture(definition, window)) : long.MaxValue;
        if (!after.SequenceEqual(before))
        {
            state.Record = state.Record with { Rules = after.ToImmutable() };
        }

        return steps.ToImmutable();

        void Record(string rule, RuleStep? step)
        {
            if (step is { } made)
            {
                steps.Add(ToTransition(key, rule, made, judgement, window, input.DictionaryVersion));
            }
        }
    }

    private static AlertTransition ToTransition(
        NodeKey key, string rule, in RuleStep step, in Judgement judgement, in PeriodWindow window, long dictionaryVersion) => new()
        {
            AlertId = step.Alert.Id,
            Node = key,
            Rule = rule,
            Kind = step.Kind,
            Level = step.Alert.Level,
            PeakLevel = step.Alert.Peak,
            Time = judgement.Now,
            StartedAt = step.Alert.StartedAt,
            Value = judgement.Value,
            Threshold = step.Threshold,
            WindowStart = window.Start,
            WindowEnd = window.End,
            WindowPoints = judgement.Points,
            DictionaryVersion = dictionaryVersion,
        };

    private static RuleState Find(ImmutableArray<RuleState> states, string rule)
    {
        foreach (var state in states)
        {
            if (state.Rule == rule)
            {
                return state;
            }
        }

        return new RuleState { Rule = rule };
    }

    private static RuleStatus StatusOf(RuleState state)
    {
        if (state.Alert is { } alert)
        {
            return new RuleStatus { Rule = state.Rule, Phase = RulePhase.Firing, Level = alert.Level, Since = alert.Since, AlertId = alert.Id };
        }

        var pending = state.Levels.LastOrDefault(level => level.Phase == RulePhase.Pending);
        return new RuleStatus { Rule = state.Rule, Phase = pending.Phase, Level = pending.Level, Since = pending.Since, AlertId = null };
    }
}
