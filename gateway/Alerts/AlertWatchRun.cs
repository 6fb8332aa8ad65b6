using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Grpc.Core;
using Monitoring.Departments;
using Monitoring.Gateway.Hosting;

namespace Monitoring.Gateway.Alerts;

/// <summary>One watch under way: where it stands in the log of each department, and what it shows next. Not thread-safe.</summary>
/// <param name="watch">What the watcher wants to see; each department once.</param>
/// <param name="feeds">The feed of each department, in their order; they set the signal.</param>
/// <param name="wake">Is set whenever a log grew.</param>
/// <param name="metrics">Is told how quickly alerts travel.</param>
/// <param name="options">How often there is a sign of life.</param>
/// <param name="clock">The time.</param>
internal sealed class AlertWatchRun(
    AlertWatch watch, ImmutableArray<DepartmentFeed> feeds, WakeSignal wake, AlertMetrics metrics, AlertFeedOptions options,
    TimeProvider clock)
{
    private readonly ImmutableArray<string> _departments = watch.Departments;
    private readonly List<AlertLogEntry> _page = [];
    private long[] _ends = [];
    private WatchCursor _cursor = default!;
    private long _saidAt;

    /// <summary>Finds where to begin, and shows the open alerts when the watch begins with them.</summary>
    /// <exception cref="ArgumentException">The cursor is not what is allowed.</exception>
    /// <exception cref="RpcException">UNAVAILABLE: whether it is cannot be told now.</exception>
    public async IAsyncEnumerable<AlertFeedItem> StartAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _ends = await Task.WhenAll(feeds.Select(feed => feed.RenewAsync(cancellationToken)));
        _cursor = watch.Start switch
        {
            AlertWatchStart.Cursor from => await CheckedCursorAsync(from.Text, cancellationToken),
            AlertWatchStart.Since since => new WatchCursor(
                _departments, await Task.WhenAll(feeds.Select(feed => feed.FindAsync(since.TimeUnixMs, cancellationToken)))),
            _ => new WatchCursor(_departments, [.. _ends]),
        };
        if (watch.Start is AlertWatchStart.Snapshot)
        {
            for (var index = 0; index < feeds.Length; index++)
            {
                var open = await feeds[index].GetOpenAsync(cancellationToken);
                _cursor.MoveTo(index, open.Cursor);
                foreach (var alert in open.Alerts.Where(Shows))
                {
                    yield return new AlertFeedItem.SnapshotAlert(_departments[index], alert);
                }
            }

            yield return new AlertFeedItem.SnapshotComplete(_cursor.ToString());
        }

        _saidAt = clock.GetTimestamp();
    }

    /// <summary>Shows every transition behind the start, and a heartbeat when there was none for long; ends when it is cancelled.</summary>
    public async IAsyncEnumerable<AlertFeedItem> FollowAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var hasMoved = false;
            for (var index = 0; index < feeds.Length; index++)
            {
                await feeds[index].ReadAsync(_cursor[index], _page, cancellationToken);
                foreach (var entry in _page)
                {
                    hasMoved = true;
                    _cursor.MoveTo(index, entry.Cursor);
                    if (Shows(entry.Alert))
                    {
                        yield return new AlertFeedItem.Event(_cursor.ToString(), _departments[index], entry);
                        OnShown(entry, _ends[index]);
                    }
                }
            }

            var silence = clock.GetElapsedTime(_saidAt);
            if (silence >= options.HeartbeatInterval)
            {
                yield return new AlertFeedItem.Heartbeat(_cursor.ToString());
                _saidAt = clock.GetTimestamp();
            }
            else if (!hasMoved)
            {
                await wake.WaitAsync(options.HeartbeatInterval - silence, clock, cancellationToken);
            }
        }
    }

    private bool Shows(Alerting.Alert alert) => watch.Levels.IsEmpty || watch.Levels.Contains(alert.Last.PeakLevel);

    private async Task<WatchCursor> CheckedCursorAsync(string text, CancellationToken cancellationToken)
    {
        var cursor = WatchCursor.Parse(text, _departments);
        for (var index = 0; index < _ends.Length; index++)
        {
            // A refusal is for good, and memory may be behind storage.
            if (cursor[index] > _ends[index] && !await ReachesAsync(index, cursor[index], cancellationToken))
            {
                throw new ArgumentException(
                    $"position {cursor[index]} of '{_departments[index]}' is behind the end of its log, {_ends[index]}; "
                    + "the cursor is of another cluster",
                    nameof(text));
            }
        }

        return cursor;
    }

    private async Task<bool> ReachesAsync(int index, long position, CancellationToken cancellationToken)
    {
        try
        {
            return await feeds[index].ReachesAsync(position, cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever keeps the answer back, the cursor may be good.
            throw new RpcException(new Status(
                StatusCode.Unavailable,
                $"whether the log of '{_departments[index]}' reaches position {position} cannot be told now; try again"));
        }
    }

    private void OnShown(AlertLogEntry entry, long endAtStart)
    {
        _saidAt = clock.GetTimestamp();

        // What a watcher asked for from the past says nothing about how quickly alerts travel.
        if (entry.Cursor > endAtStart)
        {
            metrics.OnWatched(clock.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(entry.Transition.Time));
        }
    }
}
