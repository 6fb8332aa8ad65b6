using System.Collections.Immutable;
using Monitoring.Alerting;
using Monitoring.Departments;

namespace Monitoring.Gateway.Alerts;

/// <summary>What a watcher wants to see.</summary>
/// <param name="Departments">Ids of the departments; at least one.</param>
/// <param name="Levels">Peak levels of the alerts; empty means all.</param>
/// <param name="Start">Where to start.</param>
internal sealed record AlertWatch(ImmutableArray<string> Departments, ImmutableArray<AlertLevel> Levels, AlertWatchStart Start);

/// <summary>Where a watch starts.</summary>
internal abstract record AlertWatchStart
{
    /// <summary>Only what happens from now on.</summary>
    internal sealed record Now : AlertWatchStart;

    /// <summary>Every open alert first.</summary>
    internal sealed record Snapshot : AlertWatchStart;

    /// <summary>The first transition logged at or after a time, milliseconds since 1970-01-01T00:00:00Z.</summary>
    internal sealed record Since(long TimeUnixMs) : AlertWatchStart;

    /// <summary>Behind the item that carried this cursor.</summary>
    internal sealed record Cursor(string Text) : AlertWatchStart;
}

/// <summary>What a watcher sees.</summary>
internal abstract record AlertFeedItem
{
    /// <summary>A transition.</summary>
    internal sealed record Event(string Cursor, string Department, AlertLogEntry Entry) : AlertFeedItem;

    /// <summary>An alert that was open at the start.</summary>
    internal sealed record SnapshotAlert(string Department, Alert Alert) : AlertFeedItem;

    /// <summary>Every open alert was shown.</summary>
    internal sealed record SnapshotComplete(string Cursor) : AlertFeedItem;

    /// <summary>Nothing new.</summary>
    internal sealed record Heartbeat(string Cursor) : AlertFeedItem;
}
