using Monitoring.Departments;

namespace Monitoring.Micro;

/// <summary>An alert log that is at once durable, because nobody reads it.</summary>
internal sealed class ForgetfulAlertLogStore : IAlertLogStore
{
    public Task AppendAsync(
        string department, IReadOnlyList<StoredAlertEntry> entries, IReadOnlyList<SenderWatermark> watermarks,
        CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<AlertLogHead> LoadAsync(string department, CancellationToken cancellationToken) =>
        Task.FromResult(new AlertLogHead(0, 0, [], []));

    public Task<IReadOnlyList<StoredAlertEntry>> ReadAsync(string department, long afterCursor, int limit, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<long> FindCursorAsync(string department, long timeUnixMs, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<StoredAlertEntry>> ListAsync(string department, AlertFilter filter, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<StoredAlertEntry?> FindAlertAsync(string department, string alertId, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
