using System.Collections.Concurrent;

namespace Monitoring.Departments;

/// <summary>An alert log store that can be slow, fail before or after it wrote, and be written by somebody else.</summary>
internal sealed class InMemoryAlertLogStore : IAlertLogStore
{
    private readonly ConcurrentDictionary<string, Log> _logs = new(StringComparer.Ordinal);

    /// <summary>Everything that was stored of a department.</summary>
    public List<StoredAlertEntry> Entries(string department)
    {
        lock (Of(department))
        {
            return [.. Of(department).Entries];
        }
    }

    /// <summary>Number of appends that were asked for.</summary>
    public int Appends(string department) => Of(department).Appends;

    /// <summary>Number of reads of entries that were asked for.</summary>
    public int Reads(string department) => Of(department).Reads;

    /// <summary>The next append fails and writes nothing.</summary>
    public void FailBeforeWrite(string department) => Of(department).FailsBefore = true;

    /// <summary>The next append writes, but its answer is lost.</summary>
    public void FailAfterWrite(string department) => Of(department).FailsAfter = true;

    /// <summary>Appends wait until the returned source is completed.</summary>
    public TaskCompletionSource Hold(string department) => Of(department).Gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Waits until so many appends were asked for.</summary>
    public async Task WaitForAppendsAsync(string department, int count, CancellationToken cancellationToken)
    {
        while (Of(department).Appends < count)
        {
            await Of(department).Asked.WaitAsync(cancellationToken);
        }
    }

    public async Task AppendAsync(
        string department, IReadOnlyList<StoredAlertEntry> entries, IReadOnlyList<SenderWatermark> watermarks, CancellationToken cancellationToken)
    {
        var log = Of(department);
        log.Appends++;
        log.Asked.Release();
        await log.Gate.Task.WaitAsync(cancellationToken);
        if (log.FailsBefore)
        {
            log.FailsBefore = false;
            throw new IOException("The disk is full.");
        }

        lock (log)
        {
            foreach (var entry in entries)
            {
                if (entry.Cursor != log.Entries.Count + 1)
                {
                    throw new AlertLogConflictException(department, entry.Cursor);
                }

                log.Entries.Add(entry);
            }

            foreach (var watermark in watermarks)
            {
                log.Watermarks[watermark.Sender] = watermark.Number;
            }
        }

        if (log.FailsAfter)
        {
            log.FailsAfter = false;
            throw new IOException("The connection was lost.");
        }
    }

    public Task<AlertLogHead> LoadAsync(string department, CancellationToken cancellationToken)
    {
        lock (Of(department))
        {
            var log = Of(department);
            return Task.FromResult(new AlertLogHead(
                log.Entries.Count,
                log.Entries.LastOrDefault()?.LoggedAt ?? 0,
                [.. log.Watermarks.Select(pair => new SenderWatermark(pair.Key, pair.Value))],
                [.. LastOfEach(log).Where(entry => entry.IsOpen)]));
        }
    }

    public Task<IReadOnlyList<StoredAlertEntry>> ReadAsync(string department, long afterCursor, int limit, CancellationToken cancellationToken)
    {
        Of(department).Reads++;
        return Task.FromResult<IReadOnlyList<StoredAlertEntry>>([.. Entries(department).Skip((int)afterCursor).Take(limit)]);
    }

    public Task<long> FindCursorAsync(string department, long timeUnixMs, CancellationToken cancellationToken) =>
        Task.FromResult((long)Entries(department).TakeWhile(entry => entry.LoggedAt < timeUnixMs).Count());

    public Task<IReadOnlyList<StoredAlertEntry>> ListAsync(string department, AlertFilter filter, CancellationToken cancellationToken)
    {
        lock (Of(department))
        {
            return Task.FromResult<IReadOnlyList<StoredAlertEntry>>(
            [
                .. LastOfEach(Of(department))
                    .Where(entry => filter.IncludeResolved || entry.IsOpen)
                    .Where(entry => filter.BeforeCursor == 0 || entry.FirstCursor < filter.BeforeCursor)
                    .OrderByDescending(entry => entry.FirstCursor)
                    .Take(filter.Limit),
            ]);
        }
    }

    public Task<StoredAlertEntry?> FindAlertAsync(string department, string alertId, CancellationToken cancellationToken) =>
        Task.FromResult(Entries(department).LastOrDefault(entry => entry.AlertId == alertId));

    private static IEnumerable<StoredAlertEntry> LastOfEach(Log log) =>
        log.Entries.GroupBy(entry => entry.AlertId).Select(group => group.Last());

    private Log Of(string department) => _logs.GetOrAdd(department, _ => new Log());

    private sealed class Log
    {
        public Log() => Gate.SetResult();

        public List<StoredAlertEntry> Entries { get; } = [];

        public Dictionary<int, long> Watermarks { get; } = [];

        public TaskCompletionSource Gate { get; set; } = new();

        public SemaphoreSlim Asked { get; } = new(0);

        public bool FailsBefore { get; set; }

        public bool FailsAfter { get; set; }

        public int Appends { get; set; }

        public int Reads { get; set; }
    }
}
