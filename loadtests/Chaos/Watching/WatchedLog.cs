using Monitoring.Chaos.Oracle;
using Monitoring.Protocol.V1;

namespace Monitoring.Chaos.Watching;

/// <summary>What one watcher saw of a department's log. One task writes, others may read copies.</summary>
internal sealed class WatchedLog(string name)
{
    private readonly List<LoggedTransition> _entries = [];

    /// <summary>Gaps and repeats, as they were seen.</summary>
    public AlertVerdict Verdict { get; } = new();

    /// <summary>Who watches, for a person.</summary>
    public string Name => name;

    /// <summary>Cursor of the last entry; 0 before the first.</summary>
    public long LastCursor { get; private set; }

    /// <summary>Everything so far, in order.</summary>
    public LoggedTransition[] Copy()
    {
        lock (_entries)
        {
            return [.. _entries];
        }
    }

    /// <summary>Takes an event.</summary>
    public void Add(AlertEvent seen)
    {
        var entry = ToEntry(seen);
        if (entry.Cursor <= LastCursor)
        {
            Verdict.Repeat($"{name}: cursor {entry.Cursor} came after {LastCursor}");
        }
        else if (entry.Cursor > LastCursor + 1)
        {
            Verdict.Gap($"{name}: cursor {entry.Cursor} came after {LastCursor}");
        }

        lock (_entries)
        {
            _entries.Add(entry);
            LastCursor = entry.Cursor;
        }
    }

    private static LoggedTransition ToEntry(AlertEvent seen) => new()
    {
        Cursor = WatchPosition.Of(seen.Cursor),
        AlertId = seen.Alert.Id,
        Number = (int)seen.Transition.Number,
        Kind = (StepKind)seen.Transition.Kind,
        Level = (int)seen.Transition.Level,
        PeakLevel = (int)seen.Alert.PeakLevel,
        Time = seen.Transition.TimeUnixMs,
        Value = seen.Transition.HasValue ? seen.Transition.Value : null,
        IsOpen = seen.Alert.Open,
        Subject = (seen.Alert.Indicator, seen.Alert.Path, seen.Alert.Rule),
    };
}
