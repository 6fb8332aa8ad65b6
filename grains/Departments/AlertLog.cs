using System.Collections.Immutable;
using Monitoring.Alerting;

namespace Monitoring.Departments;

/// <summary>
/// What a department must know to go on with its alert log: where it ends, what it has of each sender, which alerts are open. Changes
/// only by committing an <see cref="AlertLogDraft"/>, so that memory never leads what is stored. Pure: knows no clock and no storage.
/// </summary>
/// <remarks>Bounded by the number of partitions and of alerts that are open.</remarks>
internal sealed class AlertLog
{
    private readonly Dictionary<int, long> _watermarks = [];
    private readonly Dictionary<string, LoggedAlert> _open = new(StringComparer.Ordinal);

    /// <summary>The empty log.</summary>
    public AlertLog()
    {
    }

    /// <summary>A log as it was stored.</summary>
    public AlertLog(long lastCursor, long lastLoggedAt, IEnumerable<SenderWatermark> watermarks, IEnumerable<LoggedAlert> openAlerts)
    {
        (LastCursor, LastLoggedAt) = (lastCursor, lastLoggedAt);
        foreach (var watermark in watermarks)
        {
            _watermarks[watermark.Sender] = watermark.Number;
        }

        foreach (var logged in openAlerts)
        {
            _open[logged.Alert.Id] = logged;
        }
    }

    /// <summary>End of the log; 0 when empty.</summary>
    public long LastCursor { get; private set; }

    /// <summary>Time of the last entry, milliseconds since 1970-01-01T00:00:00Z; 0 when empty.</summary>
    public long LastLoggedAt { get; private set; }

    /// <summary>Number of open alerts.</summary>
    public int OpenCount => _open.Count;

    /// <summary>Number of the last transition of a sender that is in the log; 0 for none.</summary>
    public long WatermarkOf(int sender) => _watermarks.GetValueOrDefault(sender);

    /// <summary>An open alert, or null.</summary>
    public LoggedAlert? FindOpen(string alertId) => _open.TryGetValue(alertId, out var logged) ? logged : null;

    /// <summary>Open alerts in the order in which they began.</summary>
    public ImmutableArray<Alert> GetOpen() =>
        [.. _open.Values.OrderBy(logged => logged.Alert.Last.StartedAt).ThenBy(logged => logged.FirstCursor).Select(logged => logged.Alert)];

    /// <summary>Begins what is to be appended next.</summary>
    /// <param name="now">Milliseconds since 1970-01-01T00:00:00Z.</param>
    public AlertLogDraft Draft(long now) => new(this, now);

    /// <summary>What was drafted is durable.</summary>
    /// <exception cref="InvalidOperationException">The log went on since the draft was begun.</exception>
    public void Commit(AlertLogDraft draft)
    {
        if (draft.BaseCursor != LastCursor)
        {
            throw new InvalidOperationException($"The draft continues entry {draft.BaseCursor}, the log ends with {LastCursor}.");
        }

        foreach (var watermark in draft.Watermarks)
        {
            _watermarks[watermark.Sender] = watermark.Number;
        }

        foreach (var (firstCursor, entry) in draft.Entries)
        {
            (LastCursor, LastLoggedAt) = (entry.Cursor, entry.LoggedAt);
            if (entry.Alert.IsOpen)
            {
                _open[entry.Alert.Id] = new LoggedAlert(firstCursor, entry.Alert);
            }
            else
            {
                _open.Remove(entry.Alert.Id);
            }
        }
    }
}
