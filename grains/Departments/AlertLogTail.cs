using System.Collections.Immutable;

namespace Monitoring.Departments;

/// <summary>The newest entries of a log, so that watchers who are close behind need not be served from storage.</summary>
/// <param name="capacity">At most so many entries are kept.</param>
internal sealed class AlertLogTail(int capacity)
{
    private readonly Queue<AlertLogEntry> _entries = new();

    /// <summary>Adds entries that continue the log; the oldest leave.</summary>
    public void Add(ImmutableArray<AlertLogEntry> entries)
    {
        foreach (var entry in entries)
        {
            _entries.Enqueue(entry);
        }

        while (_entries.Count > capacity)
        {
            _entries.Dequeue();
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear() => _entries.Clear();

    /// <summary>Entries behind a cursor; false when some of them are no longer here.</summary>
    public bool TryRead(long afterCursor, int limit, out ImmutableArray<AlertLogEntry> entries)
    {
        if (!_entries.TryPeek(out var oldest) || oldest.Cursor > afterCursor + 1)
        {
            entries = [];
            return false;
        }

        entries = [.. _entries.SkipWhile(entry => entry.Cursor <= afterCursor).Take(limit)];
        return true;
    }
}
