namespace Monitoring.Chaos.Oracle;

/// <summary>Checks that a department's log is made of whole lives of alerts.</summary>
internal static class AlertLives
{
    /// <summary>
    /// Cursors and numbers have no gaps; an alert begins before it changes and ends once; no id comes again; a rule has one alert at a
    /// time on a node, and its time never runs back.
    /// </summary>
    /// <param name="department">For a person.</param>
    /// <param name="log">The whole log, in order.</param>
    /// <param name="isWhole">Whether the department is told of every level, so that each life begins with the firing.</param>
    /// <param name="verdict">Is told what is wrong.</param>
    public static void Check(string department, IReadOnlyList<LoggedTransition> log, bool isWhole, AlertVerdict verdict)
    {
        var lives = new Dictionary<string, LoggedTransition>(StringComparer.Ordinal);
        var open = new Dictionary<(string, string, string), LoggedTransition>();
        for (var index = 0; index < log.Count; index++)
        {
            var entry = log[index];
            var before = lives.GetValueOrDefault(entry.AlertId);
            var name = $"{department}:{entry.Cursor} alert {entry.AlertId} of {entry.Subject}";
            if (entry.Cursor != index + 1)
            {
                verdict.Gap($"{name}: entry {index + 1} of the log has another cursor");
            }

            CheckStep(name, entry, before, isWhole, verdict);
            if (open.TryGetValue(entry.Subject, out var present))
            {
                if (present.AlertId != entry.AlertId)
                {
                    verdict.Gap($"{name}: alert {present.AlertId} of the same rule and node is still open");
                }
                else if (entry.Time < present.Time)
                {
                    verdict.Gap($"{name}: happened at {entry.Time}, before {present.Time}");
                }
            }

            lives[entry.AlertId] = entry;
            if (entry.IsOpen)
            {
                open[entry.Subject] = entry;
            }
            else
            {
                open.Remove(entry.Subject);
            }
        }
    }

    private static void CheckStep(string name, LoggedTransition entry, LoggedTransition? before, bool isWhole, AlertVerdict verdict)
    {
        var number = before is null ? 1 : before.Number + 1;
        if (entry.Number > number)
        {
            verdict.Gap($"{name}: step {entry.Number}, expected {number}");
        }
        else if (entry.Number < number)
        {
            verdict.Repeat($"{name}: step {entry.Number}, expected {number}");
        }

        if (before is { IsOpen: false })
        {
            verdict.Repeat($"{name}: ended already at {before.Cursor}");
        }

        var isRight = entry.Kind switch
        {
            StepKind.Firing => before is null && entry.IsOpen,
            StepKind.Escalated => entry.IsOpen && (before is null ? !isWhole : entry.Level > before.Level),
            StepKind.Deescalated => entry.IsOpen && before is not null && entry.Level < before.Level,
            StepKind.Resolved => !entry.IsOpen && before is not null && entry.Level == before.Level,
            _ => false,
        };
        if (!isRight)
        {
            var after = before is null ? "nothing" : $"{before.Kind} at level {before.Level}";
            verdict.Gap($"{name}: {entry.Kind} to level {entry.Level} does not follow {after}");
        }
    }
}
