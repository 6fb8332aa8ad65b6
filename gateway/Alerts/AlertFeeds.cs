using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Monitoring.Departments;
using Monitoring.Gateway.Dictionary;
using Monitoring.Gateway.Hosting;

namespace Monitoring.Gateway.Alerts;

/// <summary>Live alerts, for gRPC and for the console. Thread-safe.</summary>
internal sealed class AlertFeeds(
    IGrainFactory grains,
    DictionaryCache dictionary,
    AlertMetrics metrics,
    WatcherMetrics watcherMetrics,
    IOptions<AlertFeedOptions> options,
    TimeProvider clock,
    ILoggerFactory loggers)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, SharedFeed> _feeds = new(StringComparer.Ordinal);
    private readonly ILogger<DepartmentFeed> _logger = loggers.CreateLogger<DepartmentFeed>();
    private int _watchers;

    /// <summary>The first of some departments that does not exist, or null.</summary>
    public async ValueTask<string?> FindUnknownAsync(ImmutableArray<string> departments, CancellationToken cancellationToken)
    {
        if (FindUnknown(departments) is null)
        {
            return null;
        }

        await dictionary.GetFreshAsync(cancellationToken);
        return FindUnknown(departments);
    }

    /// <summary>
    /// Shows each transition exactly once and in order, from where the watch says, until it is cancelled. Reads no faster than it is
    /// read: whoever is slow gets the rest from the log.
    /// </summary>
    /// <exception cref="ArgumentException">Departments or cursor are not what is allowed.</exception>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: too many watch already.</exception>
    public async IAsyncEnumerable<AlertFeedItem> WatchAsync(AlertWatch watch, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var departments = watch.Departments.Distinct(StringComparer.Ordinal).ToImmutableArray();
        CheckDepartments(departments);
        Enter();
        var wake = new WakeSignal();
        var feeds = new List<DepartmentFeed>(departments.Length);
        try
        {
            foreach (var department in departments)
            {
                var feed = Acquire(department);
                feeds.Add(feed);
                feed.Attach(wake);
            }

            var ends = await Task.WhenAll(feeds.Select(feed => feed.RenewAsync(cancellationToken)));
            var cursor = new WatchCursor(departments, [.. ends]);
            switch (watch.Start)
            {
                case AlertWatchStart.Cursor from:
                    cursor = CheckedCursor(from.Text, departments, ends);
                    break;
                case AlertWatchStart.Since since:
                    cursor = new WatchCursor(departments, await Task.WhenAll(feeds.Select(feed => feed.FindAsync(since.TimeUnixMs, cancellationToken))));
                    break;
                case AlertWatchStart.Snapshot:
                    for (var index = 0; index < departments.Length; index++)
                    {
                        var open = await feeds[index].GetOpenAsync(cancellationToken);
                        cursor.MoveTo(index, open.Cursor);
                        foreach (var alert in open.Alerts.Where(alert => Shows(watch, alert)))
                        {
                            yield return new AlertFeedItem.SnapshotAlert(departments[index], alert);
                        }
                    }

                    yield return new AlertFeedItem.SnapshotComplete(cursor.ToString());
                    break;
            }

            var saidAt = clock.GetTimestamp();
            var page = new List<AlertLogEntry>();
            while (true)
            {
                var hasMoved = false;
                for (var index = 0; index < departments.Length; index++)
                {
                    await feeds[index].ReadAsync(cursor[index], page, cancellationToken);
                    foreach (var entry in page)
                    {
                        hasMoved = true;
                        cursor.MoveTo(index, entry.Cursor);
                        if (Shows(watch, entry.Alert))
                        {
                            yield return new AlertFeedItem.Event(cursor.ToString(), departments[index], entry);
                            saidAt = clock.GetTimestamp();
                            OnShown(entry, ends[index]);
                        }
                    }
                }

                var silence = clock.GetElapsedTime(saidAt);
                if (silence >= options.Value.HeartbeatInterval)
                {
                    yield return new AlertFeedItem.Heartbeat(cursor.ToString());
                    saidAt = clock.GetTimestamp();
                }
                else if (!hasMoved)
                {
                    await wake.WaitAsync(options.Value.HeartbeatInterval - silence, clock, cancellationToken);
                }
            }
        }
        finally
        {
            await LeaveAsync(departments, feeds, wake);
        }
    }

    private static bool Shows(AlertWatch watch, Alerting.Alert alert) => watch.Levels.IsEmpty || watch.Levels.Contains(alert.Last.PeakLevel);

    private static WatchCursor CheckedCursor(string text, ImmutableArray<string> departments, long[] ends)
    {
        var cursor = WatchCursor.Parse(text, departments);
        for (var index = 0; index < ends.Length; index++)
        {
            if (cursor[index] > ends[index])
            {
                throw new ArgumentException(
                    $"position {cursor[index]} of '{departments[index]}' is behind the end of its log, {ends[index]}; the cursor is of another cluster",
                    nameof(text));
            }
        }

        return cursor;
    }

    private void OnShown(AlertLogEntry entry, long endAtStart)
    {
        // What a watcher asked for from the past says nothing about how quickly alerts travel.
        if (entry.Cursor > endAtStart)
        {
            metrics.OnWatched(clock.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(entry.Transition.Time));
        }
    }

    private void CheckDepartments(ImmutableArray<string> departments)
    {
        if (departments.Length == 0 || departments.Length > options.Value.MaxDepartments)
        {
            throw new ArgumentException(
                $"{departments.Length} departments are given, expected 1 to {options.Value.MaxDepartments}", nameof(departments));
        }

        if (FindUnknown(departments) is { } unknown)
        {
            throw new ArgumentException($"no department '{unknown}' is in the dictionary", nameof(departments));
        }
    }

    private string? FindUnknown(ImmutableArray<string> departments)
    {
        var known = dictionary.Current.Departments;
        return departments.FirstOrDefault(id => !known.Any(department => department.Id == id));
    }

    private void Enter()
    {
        lock (_gate)
        {
            if (_watchers >= options.Value.MaxWatchers)
            {
                throw new RpcException(new Status(
                    StatusCode.ResourceExhausted, $"{_watchers} watchers are connected, which is all this gateway takes; use another gateway"));
            }

            _watchers++;
        }

        watcherMetrics.OnAlertWatchers(1);
    }

    private DepartmentFeed Acquire(string department)
    {
        lock (_gate)
        {
            if (!_feeds.TryGetValue(department, out var shared))
            {
                shared = new SharedFeed(new DepartmentFeed(department, grains, options.Value, metrics, clock, _logger));
                _feeds.Add(department, shared);
            }

            shared.Watchers++;
            return shared.Feed;
        }
    }

    private async ValueTask LeaveAsync(ImmutableArray<string> departments, List<DepartmentFeed> feeds, WakeSignal wake)
    {
        var unused = new List<DepartmentFeed>();
        lock (_gate)
        {
            _watchers--;
            for (var index = 0; index < feeds.Count; index++)
            {
                feeds[index].Detach(wake);
                if (--_feeds[departments[index]].Watchers == 0)
                {
                    _feeds.Remove(departments[index]);
                    unused.Add(feeds[index]);
                }
            }
        }

        watcherMetrics.OnAlertWatchers(-1);
        foreach (var feed in unused)
        {
            await feed.DisposeAsync();
        }
    }

    private sealed class SharedFeed(DepartmentFeed feed)
    {
        public DepartmentFeed Feed => feed;

        public int Watchers { get; set; }
    }
}
