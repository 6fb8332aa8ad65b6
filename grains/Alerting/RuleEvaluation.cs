using System.Collections.Immutable;
using System.Globalization;
using Monitoring.Dictionary;

namespace Monitoring.Alerting;

/// <summary>What a rule is judged on.</summary>
/// <param name="Value">The indicator's value; null when there is none, which breaches no rule.</param>
/// <param name="Points">Points within the period.</param>
/// <param name="Now">Journaled time, milliseconds since 1970-01-01T00:00:00Z.</param>
internal readonly record struct Judgement(double? Value, long Points, long Now);

/// <summary>Where and when an alert begins: what identifies it for ever.</summary>
/// <param name="Partition">Number of the partition.</param>
/// <param name="Entry">Sequence of the journal entry.</param>
/// <param name="Node">Number of the node within the partition.</param>
/// <param name="Ordinal">Distinguishes the rules of one node.</param>
internal readonly record struct AlertOrigin(int Partition, long Entry, int Node, int Ordinal)
{
    /// <summary>The alert's identity, for example <c>12-3045-7-0</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Partition}-{Entry}-{Node}-{Ordinal}");
}

/// <summary>A step that an evaluation made.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Alert">The alert; for a resolve as it ended.</param>
/// <param name="Threshold">The threshold that was crossed; null when there was none.</param>
internal readonly record struct RuleStep(TransitionKind Kind, OpenAlert Alert, double? Threshold);

/// <summary>
/// The state machine of a rule on a node. Each level goes normal → pending → firing → normal by its own thresholds; the alert is open
/// while any level fires, and its level is the highest that does. Pure: knows no clock and no storage.
/// </summary>
internal static class RuleEvaluation
{
    /// <summary>The state that follows, and the step that led there; the very same state and no step when nothing changes.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="state">Where it stands.</param>
    /// <param name="judgement">What it is judged on.</param>
    /// <param name="origin">Gives an alert that begins now its identity.</param>
    public static (RuleState State, RuleStep? Step) Next(RuleDefinition rule, RuleState state, Judgement judgement, AlertOrigin origin)
    {
        var levels = NextLevels(rule, state, judgement);
        var level = AlertLevel.None;
        foreach (var candidate in levels)
        {
            if (candidate.Phase == RulePhase.Firing && candidate.Level > level)
            {
                level = candidate.Level;
            }
        }

        var step = StepTo(rule, state.Alert, level, judgement, origin);
        var alert = step is { Kind: TransitionKind.Resolved } ? null : step?.Alert ?? state.Alert;
        return step is null && levels.SequenceEqual(state.Levels)
            ? (state, null)
            : (state with { Levels = levels, Alert = alert }, step);
    }

    /// <summary>True when a rule that is normal stays so.</summary>
    public static bool IsCalm(RuleDefinition rule, Judgement judgement)
    {
        if (!IsJudged(rule, judgement))
        {
            return true;
        }

        foreach (var level in rule.Levels)
        {
            if (Reaches(rule.Direction, judgement.Value!.Value, level.Enter))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Ends whatever is open, because the rule is gone or no longer watches the node.</summary>
    public static RuleStep? Withdraw(RuleState state) =>
        state.Alert is { } alert ? new RuleStep(TransitionKind.Resolved, alert, null) : null;

    /// <summary>When a pending level begins if nothing changes, milliseconds since 1970-01-01T00:00:00Z; <see cref="long.MaxValue"/> for never.</summary>
    public static long Deadline(RuleDefinition rule, RuleState state)
    {
        var deadline = long.MaxValue;
        foreach (var level in rule.Levels)
        {
            if (state.Find(level.Level) is { Phase: RulePhase.Pending } pending)
            {
                deadline = Math.Min(deadline, pending.Since + (long)level.For.TotalMilliseconds);
            }
        }

        return deadline;
    }

    private static ImmutableArray<LevelState> NextLevels(RuleDefinition rule, RuleState state, Judgement judgement)
    {
        var levels = ImmutableArray<LevelState>.Empty;
        foreach (var definition in rule.Levels)
        {
            var next = NextLevel(rule, definition, state.Find(definition.Level), judgement);
            if (next.Phase != RulePhase.Normal)
            {
                levels = levels.Add(next);
            }
        }

        return levels;
    }

    private static LevelState NextLevel(RuleDefinition rule, LevelDefinition definition, LevelState current, Judgement judgement)
    {
        var isJudged = IsJudged(rule, judgement);
        var isReached = isJudged && Reaches(rule.Direction, judgement.Value!.Value, definition.Enter);
        var isHeld = isJudged && Reaches(rule.Direction, judgement.Value!.Value, definition.Exit);
        return current.Phase switch
        {
            RulePhase.Normal when isReached && definition.For > TimeSpan.Zero => Enter(RulePhase.Pending),
            RulePhase.Normal when isReached => Enter(RulePhase.Firing),
            RulePhase.Pending when !isReached => Enter(RulePhase.Normal),
            RulePhase.Pending when judgement.Now - current.Since >= definition.For.TotalMilliseconds => Enter(RulePhase.Firing),
            RulePhase.Firing when !isHeld => Enter(RulePhase.Normal),
            _ => current,
        };

        LevelState Enter(RulePhase phase) => new() { Level = definition.Level, Phase = phase, Since = judgement.Now };
    }

    private static RuleStep? StepTo(RuleDefinition rule, OpenAlert? alert, AlertLevel level, Judgement judgement, AlertOrigin origin)
    {
        if (alert is null)
        {
            return level == AlertLevel.None
                ? null
                : new RuleStep(
                    TransitionKind.Firing,
                    new OpenAlert { Id = origin.ToString(), Level = level, Peak = level, StartedAt = judgement.Now, Since = judgement.Now },
                    Threshold(rule, level, isEnter: true));
        }

        if (level == alert.Level)
        {
            return null;
        }

        if (level == AlertLevel.None)
        {
            return new RuleStep(
                TransitionKind.Resolved, alert, judgement.Value is null ? null : Threshold(rule, alert.Level, isEnter: false));
        }

        var isRise = level > alert.Level;
        var changed = alert with { Level = level, Peak = level > alert.Peak ? level : alert.Peak, Since = judgement.Now };
        return isRise
            ? new RuleStep(TransitionKind.Escalated, changed, Threshold(rule, level, isEnter: true))
            : new RuleStep(TransitionKind.Deescalated, changed, Threshold(rule, alert.Level, isEnter: false));
    }

    private static double? Threshold(RuleDefinition rule, AlertLevel level, bool isEnter)
    {
        foreach (var definition in rule.Levels)
        {
            if (definition.Level == level)
            {
                return isEnter ? definition.Enter : definition.Exit;
            }
        }

        return null;
    }

    private static bool IsJudged(RuleDefinition rule, Judgement judgement) =>
        judgement.Value is not null && judgement.Points >= rule.MinPoints;

    private static bool Reaches(RuleDirection direction, double value, double threshold) =>
        direction == RuleDirection.Above ? value >= threshold : value <= threshold;
}
