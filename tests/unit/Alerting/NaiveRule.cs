using Monitoring.Dictionary;

namespace Monitoring.Alerting;

/// <summary>
/// The oracle: remembers everything a rule was judged on, and finds out from the beginning, every time, which levels fire now.
/// </summary>
internal sealed class NaiveRule
{
    private readonly List<(RuleDefinition Rule, Judgement Judgement)> _history = [];
    private AlertLevel _level;
    private AlertLevel _peak;
    private long _startedAt;

    /// <summary>Judges, and tells the step, or None, with level, peak and begin of the alert after it.</summary>
    public (TransitionKind Kind, AlertLevel Level, AlertLevel Peak, long StartedAt) Next(RuleDefinition rule, Judgement judgement)
    {
        _history.Add((rule, judgement));
        var before = _level;
        _level = new[] { AlertLevel.Critical, AlertLevel.Warning, AlertLevel.Info }.FirstOrDefault(level => Look(level).IsFiring);
        if (_level == before)
        {
            return default;
        }

        if (before == AlertLevel.None)
        {
            (_peak, _startedAt) = (_level, judgement.Now);
            return (TransitionKind.Firing, _level, _peak, _startedAt);
        }

        if (_level == AlertLevel.None)
        {
            return (TransitionKind.Resolved, before, _peak, _startedAt);
        }

        _peak = (AlertLevel)Math.Max((int)_peak, (int)_level);
        return (_level > before ? TransitionKind.Escalated : TransitionKind.Deescalated, _level, _peak, _startedAt);
    }

    /// <summary>When a level that waits for its duration would begin.</summary>
    public long Deadline() => new[] { AlertLevel.Info, AlertLevel.Warning, AlertLevel.Critical }
        .Select(level => Look(level).WaitsUntil).Min();

    private (bool IsFiring, long WaitsUntil) Look(AlertLevel level)
    {
        var isFiring = false;
        long? reachedSince = null;
        var waitsUntil = long.MaxValue;
        foreach (var (rule, judgement) in _history)
        {
            waitsUntil = long.MaxValue;
            var definition = rule.Levels.FirstOrDefault(candidate => candidate.Level == level);
            var value = judgement.Points >= rule.MinPoints ? judgement.Value : null;
            if (definition is null || value is null)
            {
                (isFiring, reachedSince) = (false, null);
                continue;
            }

            var sign = rule.Direction == RuleDirection.Above ? 1 : -1;
            if (isFiring)
            {
                isFiring = sign * value >= sign * definition.Exit;
                reachedSince = null;
                continue;
            }

            reachedSince = sign * value >= sign * definition.Enter ? reachedSince ?? judgement.Now : null;
            if (reachedSince is { } since)
            {
                isFiring = judgement.Now - since >= definition.For.TotalMilliseconds;
                waitsUntil = isFiring ? long.MaxValue : since + (long)definition.For.TotalMilliseconds;
            }
        }

        return (isFiring, waitsUntil);
    }
}
