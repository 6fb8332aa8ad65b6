using Monitoring.Departments;

namespace Monitoring.Recovery;

/// <summary>Stands between departments and the store of their logs: calls take their time, and the answer of an append may be lost.</summary>
internal sealed class FaultyAlertLogs(ClusterStores stores, Func<Task> pause) : IAlertLogStore
{
    /// <summary>The next append writes, but its answer is lost.</summary>
    public bool FailsAfterWrite { get; set; }

    public async Task AppendAsync(
        string department, IReadOnlyList<StoredAlertEntry> entries, IReadOnlyList<SenderWatermark> watermarks, CancellationToken cancellationToken)
    {
        await pause();
        stores.Tell(stores => stores.AlertLogs.AppendAsync(department, entries, watermarks, cancellationToken));
        await pause();
        if (FailsAfterWrite)
        {
            FailsAfterWrite = false;
            throw new IOException("The connection was lost.");
        }
    }

    public async Task<AlertLogHead> LoadAsync(string department, CancellationToken cancellationToken)
    {
        await pause();
        return stores.Ask(stores => stores.AlertLogs.LoadAsync(department, cancellationToken));
    }

    /// <summary>Everything that is stored of a department.</summary>
    public IReadOnlyList<StoredAlertEntry> Entries(string department) =>
        stores.Ask(stores => stores.AlertLogs.ReadAsync(department, 0, 1_000_000, CancellationToken.None));

    public Task<IReadOnlyList<StoredAlertEntry>> ReadAsync(string department, long afterCursor, int limit, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<long> FindCursorAsync(string department, long timeUnixMs, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<StoredAlertEntry>> ListAsync(string department, AlertFilter filter, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<StoredAlertEntry?> FindAlertAsync(string department, string alertId, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
