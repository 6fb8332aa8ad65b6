namespace Monitoring.Chaos.Oracle;

/// <summary>An alert as a department lists it.</summary>
internal readonly record struct ListedAlert(
    string Id, int Level, int PeakLevel, bool IsOpen, int Transitions, (string Indicator, string Path, string Rule) Subject);

/// <summary>Checks that the list of a department's alerts is what its log comes to.</summary>
internal static class AlertListing
{
    /// <summary>Compares, alert by alert.</summary>
    public static void Check(string department, IEnumerable<ListedAlert> listed, IReadOnlyList<LoggedTransition> log, AlertVerdict verdict)
    {
        var wanted = new Dictionary<string, ListedAlert>(StringComparer.Ordinal);
        foreach (var entry in log)
        {
            wanted[entry.AlertId] = new ListedAlert(entry.AlertId, entry.Level, entry.PeakLevel, entry.IsOpen, entry.Number, entry.Subject);
        }

        foreach (var alert in listed)
        {
            if (!wanted.Remove(alert.Id, out var expected))
            {
                verdict.Repeat($"{department} lists {alert} twice, or it is not in the log");
            }
            else if (expected != alert)
            {
                verdict.Gap($"{department} lists {alert}, the log says {expected}");
            }
        }

        foreach (var missing in wanted.Values)
        {
            verdict.Gap($"{department} does not list {missing}");
        }
    }
}
