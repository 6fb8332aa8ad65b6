using Monitoring.Alerting;
using Monitoring.Partitions;

namespace Monitoring.Departments;

/// <summary>Where departments' alert logs are kept.</summary>
internal interface IAlertLogStore
{
    /// <summary>
    /// Appends entries, at least one, with consecutive cursors in one transaction, and sets the senders' watermarks with it. Durable when it
    /// returns.
    /// </summary>
    /// <exception cref="AlertLogConflictException">One of the cursors is taken: another activation writes.</exception>
    Task AppendAsync(
        string department, IReadOnlyList<StoredAlertEntry> entries, IReadOnlyList<SenderWatermark> watermarks, CancellationToken cancellationToken);

    /// <summary>End of the log (0 when empty), time of its last entry, watermarks by sender, and the last entry of every alert that is open.</summary>
    Task<AlertLogHead> LoadAsync(string department, CancellationToken cancellationToken);

    /// <summary>Entries behind a cursor, in order, at most <paramref name="limit"/>.</summary>
    Task<IReadOnlyList<StoredAlertEntry>> ReadAsync(string department, long afterCursor, int limit, CancellationToken cancellationToken);

    /// <summary>Cursor in front of the first entry logged at or after a time; the end of the log when there is none.</summary>
    Task<long> FindCursorAsync(string department, long timeUnixMs, CancellationToken cancellationToken);

    /// <summary>
    /// Last entry of each matching alert, newest alert first: <see cref="StoredAlertEntry.FirstCursor"/> orders and pages.
    /// </summary>
    Task<IReadOnlyList<StoredAlertEntry>> ListAsync(string department, AlertFilter filter, CancellationToken cancellationToken);

    /// <summary>Last entry of one alert; null when unknown.</summary>
    Task<StoredAlertEntry?> FindAlertAsync(string department, string alertId, CancellationToken cancellationToken);
}

/// <summary>One entry as stored: plain columns for queries beside the serialized entry.</summary>
/// <param name="Cursor">Position in the department's log: 1, 2, 3…</param>
/// <param name="LoggedAt">When it was logged, milliseconds since 1970-01-01T00:00:00Z.</param>
/// <param name="AlertId">Which alert it is a step of.</param>
/// <param name="FirstCursor">Cursor of the alert's first entry.</param>
/// <param name="IsOpen">True when the alert is open after the step.</param>
/// <param name="PeakLevel">Highest level of the alert's life so far.</param>
/// <param name="Code">Code of the indicator.</param>
/// <param name="Path">Path of the node.</param>
/// <param name="Payload">The serialized <see cref="AlertLogEntry"/>.</param>
internal sealed record StoredAlertEntry(
    long Cursor, long LoggedAt, string AlertId, long FirstCursor, bool IsOpen, AlertLevel PeakLevel, string Code, string Path, byte[] Payload);

/// <summary>How much a department's log has of one sending partition.</summary>
/// <param name="Sender">Number of the partition.</param>
/// <param name="Number">Number of the last transition that is in the log.</param>
internal readonly record struct SenderWatermark(int Sender, long Number);

/// <summary>What a department must know to go on with its log.</summary>
/// <param name="LastCursor">End of the log; 0 when empty.</param>
/// <param name="LastLoggedAt">Time of the last entry, milliseconds since 1970-01-01T00:00:00Z; 0 when empty.</param>
/// <param name="Watermarks">One for each sender.</param>
/// <param name="OpenAlerts">Last entry of every open alert.</param>
internal sealed record AlertLogHead(
    long LastCursor, long LastLoggedAt, IReadOnlyList<SenderWatermark> Watermarks, IReadOnlyList<StoredAlertEntry> OpenAlerts);

/// <summary>A cursor of a department's log is taken: another activation writes it, and this one must step down.</summary>
[GenerateSerializer, Alias("monitoring.alert-log-conflict")]
internal sealed class AlertLogConflictException(string department, long cursor)
    : TryAgainException($"The alert log of department {department} has an entry {cursor} already: another activation writes it.");
