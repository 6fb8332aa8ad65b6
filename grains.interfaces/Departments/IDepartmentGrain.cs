using System.Collections.Immutable;
using Monitoring.Alerting;
using Monitoring.Partitions;
using Orleans.Concurrency;

namespace Monitoring.Departments;

/// <summary>
/// One department; the key is its id. Keeps the department's durable, ordered alert log: every transition it subscribed to, exactly
/// once, numbered 1, 2, 3… by a cursor.
/// </summary>
[Alias("monitoring.department")]
public interface IDepartmentGrain : IGrainWithStringKey
{
    /// <summary>
    /// Appends what a partition's nodes decided. What the log has already is dropped; a delivery that leaves something out is refused.
    /// Returns once the log is durable.
    /// </summary>
    [Alias("append")]
    Task<DeliveryStatus> AppendAsync(TransitionDelivery delivery, CancellationToken cancellationToken = default);

    /// <summary>Takes an open alert in hand.</summary>
    [Alias("acknowledge")]
    Task<AcknowledgeResult> AcknowledgeAsync(AcknowledgeCommand command, CancellationToken cancellationToken = default);

    /// <summary>Log entries behind a cursor, in order.</summary>
    /// <param name="afterCursor">0 or more; 0 reads from the beginning.</param>
    /// <param name="limit">At most this many, 1 to 10,000.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    [Alias("read-log"), ReadOnly]
    Task<ImmutableArray<AlertLogEntry>> ReadLogAsync(long afterCursor, int limit, CancellationToken cancellationToken = default);

    /// <summary>Cursor in front of the first entry that was logged at or after a time.</summary>
    /// <param name="timeUnixMs">Milliseconds since 1970-01-01T00:00:00Z.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    [Alias("find-cursor"), ReadOnly]
    Task<long> FindCursorAsync(long timeUnixMs, CancellationToken cancellationToken = default);

    /// <summary>
    /// True when the log has an entry at a cursor, or it is 0. Storage is asked before it is false: an activation that was replaced
    /// without noticing remembers an earlier end.
    /// </summary>
    /// <param name="cursor">0 or more.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    [Alias("reaches"), ReadOnly]
    Task<bool> ReachesAsync(long cursor, CancellationToken cancellationToken = default);

    /// <summary>Every open alert, and the cursor at which this was so.</summary>
    [Alias("get-open"), ReadOnly]
    Task<OpenAlerts> GetOpenAsync(CancellationToken cancellationToken = default);

    /// <summary>Alerts, newest first.</summary>
    [Alias("list"), ReadOnly]
    Task<AlertPage> ListAsync(AlertFilter filter, CancellationToken cancellationToken = default);

    /// <summary>
    /// Lets an observer know of new log entries, for <see cref="ObserverLease"/> from now; renew it before it ends. Returns the present
    /// end of the log. Notices may be lost: whoever sees a gap, or renews, reads the log.
    /// </summary>
    [Alias("subscribe")]
    Task<long> SubscribeAsync(IAlertLogObserver observer, CancellationToken cancellationToken = default);

    /// <summary>Ends a subscription.</summary>
    [Alias("unsubscribe")]
    Task UnsubscribeAsync(IAlertLogObserver observer, CancellationToken cancellationToken = default);

    /// <summary>How long a subscription lives without being renewed.</summary>
    static readonly TimeSpan ObserverLease = TimeSpan.FromMinutes(1);
}

/// <summary>Is told of new entries of a department's alert log, in order, without a promise that every notice arrives.</summary>
[Alias("monitoring.alert-log-observer")]
public interface IAlertLogObserver : IGrainObserver
{
    /// <summary>New entries, in the order of their cursors.</summary>
    [Alias("on-appended"), OneWay]
    Task OnAppendedAsync(string department, ImmutableArray<AlertLogEntry> entries);
}

/// <summary>One entry of a department's alert log.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.alert-log-entry.v1")]
public sealed record AlertLogEntry
{
    /// <summary>Position in the department's log: 1, 2, 3…</summary>
    [Id(0)] public required long Cursor { get; init; }

    /// <summary>When it was logged, milliseconds since 1970-01-01T00:00:00Z; never decreases along the log.</summary>
    [Id(1)] public required long LoggedAt { get; init; }

    /// <summary>The step.</summary>
    [Id(2)] public required AlertTransition Transition { get; init; }

    /// <summary>The alert after the step.</summary>
    [Id(3)] public required Alert Alert { get; init; }
}

/// <summary>Every open alert of a department at one cursor.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.open-alerts.v1")]
public sealed record OpenAlerts
{
    /// <summary>End of the log when the alerts stood like this.</summary>
    [Id(0)] public required long Cursor { get; init; }

    /// <summary>The alerts, in the order in which they began.</summary>
    [Id(1)] public required ImmutableArray<Alert> Alerts { get; init; }
}

/// <summary>Which alerts of a department to list.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.alert-filter.v1")]
public sealed record AlertFilter
{
    /// <summary>Also resolved ones.</summary>
    [Id(0)] public bool IncludeResolved { get; init; }

    /// <summary>Peak levels to list; empty means all.</summary>
    [Id(1)] public ImmutableArray<AlertLevel> Levels { get; init; } = [];

    /// <summary>Only this indicator; empty means all.</summary>
    [Id(2)] public string Code { get; init; } = string.Empty;

    /// <summary>Only this path and everything below; empty means all.</summary>
    [Id(3)] public string PathPrefix { get; init; } = string.Empty;

    /// <summary>At most this many, 1 to 1,000.</summary>
    [Id(4)] public int Limit { get; init; } = 100;

    /// <summary>Only alerts whose first log entry has a smaller cursor; 0 begins with the newest.</summary>
    [Id(5)] public long BeforeCursor { get; init; }
}

/// <summary>One page of alerts.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.alert-page.v1")]
public sealed record AlertPage
{
    /// <summary>Newest first.</summary>
    [Id(0)] public required ImmutableArray<Alert> Alerts { get; init; }

    /// <summary><see cref="AlertFilter.BeforeCursor"/> of the next page; 0 on the last.</summary>
    [Id(1)] public required long NextBeforeCursor { get; init; }
}

/// <summary>Takes an open alert in hand.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.acknowledge-command.v1")]
public sealed record AcknowledgeCommand
{
    /// <summary>Which alert.</summary>
    [Id(0)] public required string AlertId { get; init; }

    /// <summary>Who; 1 to 100 characters.</summary>
    [Id(1)] public required string Person { get; init; }

    /// <summary>At most 1,000 characters.</summary>
    [Id(2)] public required string Comment { get; init; }
}

/// <summary>What became of an acknowledgement.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.acknowledge-result.v1")]
public sealed record AcknowledgeResult
{
    /// <summary>What became of it.</summary>
    [Id(0)] public required AcknowledgeStatus Status { get; init; }

    /// <summary>The alert now; null when unknown.</summary>
    [Id(1)] public required Alert? Alert { get; init; }
}

/// <summary>What became of an acknowledgement.</summary>
public enum AcknowledgeStatus
{
    /// <summary>The department's log has no such alert.</summary>
    UnknownAlert = 0,

    /// <summary>It is resolved; nothing to take in hand.</summary>
    AlreadyResolved = 1,

    /// <summary>Logged.</summary>
    Acknowledged = 2,
}
