using Monitoring.Chaos.Input;

namespace Monitoring.Chaos.Oracle;

/// <summary>
/// Checks the log of a department against that of the department that is told of everything: it must hold, of every alert its
/// subscription matches, each step from the first on at which the alert's peak reached the subscription's level.
/// </summary>
internal static class AlertOverlap
{
    /// <summary>Compares, alert by alert.</summary>
    public static void Check(
        InputDepartment department, IReadOnlyList<LoggedTransition> log, IReadOnlyList<LoggedTransition> everything, AlertVerdict verdict)
    {
        var least = RuleStanding.RankOf(department.Level);
        var wanted = everything
            .Where(entry => entry.PeakLevel >= least && PathPatterns.Matches(department.Path, entry.Subject.Path))
            .ToLookup(entry => entry.AlertId, Step, StringComparer.Ordinal);
        var found = log.ToLookup(entry => entry.AlertId, Step, StringComparer.Ordinal);
        foreach (var life in wanted)
        {
            if (!life.SequenceEqual(found[life.Key]))
            {
                verdict.Gap($"{department.Id} alert {life.Key}: expected {string.Join(", ", life)}, found {string.Join(", ", found[life.Key])}");
            }
        }

        foreach (var life in found.Where(life => !wanted.Contains(life.Key)))
        {
            verdict.Repeat($"{department.Id} alert {life.Key}: {string.Join(", ", life)}, of which it should not have been told");
        }
    }

    private static (StepKind, int, long, double?) Step(LoggedTransition entry) => (entry.Kind, entry.Level, entry.Time, entry.Value);
}
