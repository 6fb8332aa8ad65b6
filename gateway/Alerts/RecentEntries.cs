using Monitoring.Departments;

namespace Monitoring.Gateway.Alerts;

/// <summary>The newest entries of one log without a gap, up to a bound. Thread-safe.</summary>
internal sealed class RecentEntries(int capacity)
{
    private readonly Lock _gate = new();
    private readonly AlertLogEntry[] _entries = new AlertLogEntry[capacity];
    private long _end;
    private int _count;

    /// <summary>The greatest position known.</summary>
    public long End
    {
        get
        {
            lock (_gate)
            {
                return _end;
            }
        }
    }

    /// <summary>Learns that the log is at least this long.</summary>
    public void ExtendTo(long end)
    {
        lock (_gate)
        {
            if (end > _end)
            {
                _end = end;
                _count = 0;
            }
        }
    }

    /// <summary>Takes entries in order; those known are left out, and behind a gap it starts anew.</summary>
    /// <returns>How many were new.</returns>
    public int Add(IReadOnlyList<AlertLogEntry> entries)
    {
        var added = 0;
        lock (_gate)
        {
            foreach (var entry in entries)
            {
                if (entry.Cursor <= _end)
                {
                    continue;
                }

                _count = entry.Cursor == _end + 1 ? Math.Min(_count + 1, capacity) : 1;
                _end = entry.Cursor;
                _entries[_end % capacity] = entry;
                added++;
            }
        }

        return added;
    }

    /// <summary>Copies what follows a position; false when that is not all here, so that the log must be read.</summary>
    public bool TryRead(long after, int limit, List<AlertLogEntry> entries)
    {
        lock (_gate)
        {
            if (after < _end - _count)
            {
                return false;
            }

            for (var cursor = after + 1; cursor <= _end && entries.Count < limit; cursor++)
            {
                entries.Add(_entries[cursor % capacity]);
            }

            return true;
        }
    }
}
