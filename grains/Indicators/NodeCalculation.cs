using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Monitoring.Alerting;
using Monitoring.Dictionary;

namespace Monitoring.Indicators;

/// <summary>Everything a node computes. Pure but for the <see cref="NodeState"/> it is given; knows no clock and no storage.</summary>
internal static class NodeCalculation
{
    // Nodes are many and called often, so what a call needs only while it runs is kept by thread; a call never gives its thread away.
    [ThreadStatic]
    private static NodeWork? _work;

    /// <summary>Folds an input into a node's state, entry by entry, and tells what follows from it.</summary>
    public static NodeOutcome Apply(NodeState state, NodeKey key, NodeInput input)
    {
        var work = _work ??= new NodeWork();
        work.Clear();
        for (var index = 0; index < input.PartCount; index++)
        {
            var step = NodeStep.Of(input, index);
            if (input.History is not null || !state.Suspects.IsEmpty)
            {
                Restate(state, key, step, work);
            }
            else
            {
                Fold(state, step, work);
            }

            work.Deadline = Judge(state, key, step, index, work);
        }

        return work.ToOutcome(isRoot: key.Path.Length == 0);
    }

    private static void Restate(NodeState state, NodeKey key, in NodeStep step, NodeWork work)
    {
        state.Advance(step.Definition, step.At, []);
        var restatement = new NodeRestatement(state, key, step);
        var deltas = restatement.Apply();
        state.Advance(step.Definition, step.At, deltas);
        work.Note(restatement, deltas);
    }

    private static void Fold(NodeState state, in NodeStep step, NodeWork work)
    {
        var folded = work.Folded;
        folded.Clear();
        var times = step.Times;
        var values = step.Values;
        for (var index = 0; index < times.Length; index++)
        {
            state.Raw.Append(times[index], values[index], replaces: false);
            folded.Add(PeriodWindow.BucketStart(times[index], state.Resolution), new Aggregate(times[index], values[index]));
        }

        foreach (ref readonly var delta in step.Deltas)
        {
            folded.Add(delta.Start, delta.Added);
        }

        state.Advance(step.Definition, step.At, folded.Span);
        foreach (ref readonly var delta in folded.Span)
        {
            state.Add(step.Definition, delta);
            work.Contributions.Add(delta);
        }
    }

    /// <summary>A node as it stands at a time.</summary>
    public static NodeReading Read(NodeState state, NodeKey key, IndicatorDefinition definition, long now)
    {
        var at = Math.Max(now, state.Clock);
        var judged = ReadPeriod(state, definition, definition.Period, at);
        var rules = ImmutableArray.CreateBuilder<RuleStatus>();
        foreach (var rule in state.Watching(definition, key))
        {
            rules.Add(StatusOf(Find(state.Rules, rule.Id)));
        }

        return new NodeReading
        {
            Key = key,
            Value = judged.Value,
            Aggregate = judged.Aggregate,
            PeriodStart = judged.Start,
            PeriodEnd = judged.End,
            NewestPoint = state.NewestPoint,
            Rules = rules.ToImmutable(),
            MorePeriods = [.. definition.MorePeriods.Select(period => ReadPeriod(state, definition, period, at))],
        };
    }

    private static PeriodReading ReadPeriod(NodeState state, IndicatorDefinition definition, Period period, long at)
    {
        var window = PeriodWindow.At(definition, period, at);
        var total = state.Total(period, window);
        return new PeriodReading
        {
            Period = period,
            Value = total.Read(definition.Statistic),
            Aggregate = total,
            Start = window.Start,
            End = window.End,
        };
    }

    /// <summary>Judges the rules that watch the node; returns when it must be told the time.</summary>
    private static long Judge(NodeState state, NodeKey key, in NodeStep step, int cause, NodeWork work)
    {
        var definition = step.Definition;
        var (before, watching) = (state.Rules, state.Watching(definition, key));
        if (watching.IsEmpty && before.IsEmpty)
        {
            return long.MaxValue;
        }

        var window = PeriodWindow.At(definition, definition.Period, state.Clock);
        var total = state.Total(definition.Period, window);
        var judgement = new Judgement(total.Read(definition.Statistic), total.Count, state.Clock);
        var deadline = watching.IsEmpty ? long.MaxValue : state.NextDeparture(definition, window);
        var after = work.Rules;
        after.Clear();
        foreach (var rule in watching)
        {
            var stands = FindOrNull(before, rule.Id);
            if (stands is null && RuleEvaluation.IsCalm(rule, judgement))
            {
                continue;
            }

            var origin = new AlertOrigin(step.Input.Round.Partition, step.Entry, step.Input.Number, after.Count);
            var (next, made) = RuleEvaluation.Next(rule, stands ?? new RuleState { Rule = rule.Id }, judgement, origin);
            Record(rule.Id, made, step);
            deadline = Math.Min(deadline, RuleEvaluation.Deadline(rule, next));
            if (!next.Levels.IsEmpty)
            {
                after.Add(next);
            }
        }

        foreach (var old in before)
        {
            if (!Watches(watching, old.Rule))
            {
                Record(old.Rule, RuleEvaluation.Withdraw(old), step);
            }
        }

        if (!CollectionsMarshal.AsSpan(after).SequenceEqual(before.AsSpan()))
        {
            state.Rules = [.. after];
        }

        return deadline;

        void Record(string rule, RuleStep? step, in NodeStep at)
        {
            if (step is { } made)
            {
                work.Add(ToTransition(key, rule, made, judgement, window, at.Input.Round.DictionaryVersion), cause);
            }
        }
    }

    private static bool Watches(ImmutableArray<RuleDefinition> watching, string rule)
    {
        foreach (var one in watching)
        {
            if (one.Id == rule)
            {
                return true;
            }
        }

        return false;
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

    private static RuleState Find(ImmutableArray<RuleState> states, string rule) => FindOrNull(states, rule) ?? new RuleState { Rule = rule };

    private static RuleState? FindOrNull(ImmutableArray<RuleState> states, string rule)
    {
        foreach (var state in states)
        {
            if (state.Rule == rule)
            {
                return state;
            }
        }

        return null;
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
