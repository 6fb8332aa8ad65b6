using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Monitoring.Alerting;
using Monitoring.Gateway.Alerts;

namespace Monitoring.Gateway.Console.Alerts;

/// <summary>
/// Keeps what is open in every department, from one feed for all visitors of this process. Resumes by cursor after a failure, so that
/// nothing is missed and nothing told twice. Thread-safe.
/// </summary>
internal sealed partial class AlertBoard(
    IConsoleData data, IOptions<ConsoleOptions> options, TimeProvider clock, ILogger<AlertBoard> logger) : BackgroundService
{
    // A cursor that keeps failing may be one the log no longer knows; a snapshot then starts afresh.
    private const int FailuresBeforeSnapshot = 5;

    private static readonly ImmutableArray<AlertLevel> EveryLevel = [AlertLevel.Info, AlertLevel.Warning, AlertLevel.Critical];
    private volatile AlertBoardState _current = AlertBoardState.Empty;

    /// <summary>The board as it stands.</summary>
    public AlertBoardState Current => _current;

    /// <summary>Raised on any thread after <see cref="Current"/> changed; handlers must return at once.</summary>
    public event EventHandler? Changed;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await FollowDictionaryAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process stops.
        }
    }

    /// <summary>Follows the departments of the present dictionary until it names others.</summary>
    private async Task FollowDictionaryAsync(CancellationToken stoppingToken)
    {
        var dictionary = data.Dictionary;
        ImmutableArray<string> departments = [.. dictionary.Departments.Select(department => department.Id)];
        using var obsolete = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var following = FollowAsync(departments, obsolete.Token);
        try
        {
            do
            {
                dictionary = await data.WaitForDictionaryAsync(dictionary.Version, stoppingToken);
            }
            while (dictionary.Departments.Select(department => department.Id).SequenceEqual(departments));
        }
        finally
        {
            await obsolete.CancelAsync();
            await following;
        }
    }

    private async Task FollowAsync(ImmutableArray<string> departments, CancellationToken cancellationToken)
    {
        if (departments.IsEmpty)
        {
            Publish(AlertBoardState.Empty.With(FeedConnection.Live));
            return;
        }

        var feed = new Feed(this);
        var failures = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            Exception? reason = null;
            try
            {
                await foreach (var item in data.WatchAlertsAsync(new(departments, EveryLevel, feed.Start), cancellationToken))
                {
                    feed.Apply(item);
                    if (failures > 0)
                    {
                        failures = 0;
                        LogFeedResumed();
                    }
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // Whatever broke it, the feed is opened again: the board must outlive every silo.
                reason = exception;
            }

            failures++;
            feed.OnBroken(fromSnapshot: failures % FailuresBeforeSnapshot == 0);
            var pause = options.Value.Backoff(failures);
            LogFeedBroke(reason, failures, pause);
            try
            {
                await Task.Delay(pause, clock, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private void Publish(AlertBoardState state)
    {
        _current = state;
        Changed?.Invoke(this, EventArgs.Empty);
    }

    /// <summary>What one feed told so far.</summary>
    private sealed class Feed(AlertBoard board)
    {
        // Collects a snapshot aside, so that the board shows the old alerts until the new ones are complete.
        private AlertBoardState? _snapshot = AlertBoardState.Empty;

        public AlertWatchStart Start { get; private set; } = new AlertWatchStart.Snapshot();

        public void Apply(AlertFeedItem item)
        {
            switch (item)
            {
                case AlertFeedItem.SnapshotAlert(var department, var alert):
                    _snapshot = (_snapshot ?? AlertBoardState.Empty).With(department, alert);
                    break;
                case AlertFeedItem.SnapshotComplete(var cursor):
                    Start = new AlertWatchStart.Cursor(cursor);
                    board.Publish((_snapshot ?? AlertBoardState.Empty).With(FeedConnection.Live));
                    _snapshot = null;
                    break;
                case AlertFeedItem.Event(var cursor, var department, var entry):
                    Start = new AlertWatchStart.Cursor(cursor);
                    board.Publish(board._current.With(department, entry.Alert).With(FeedConnection.Live));
                    break;
                case AlertFeedItem.Heartbeat(var cursor):
                    Start = new AlertWatchStart.Cursor(cursor);
                    if (board._current.Connection != FeedConnection.Live)
                    {
                        board.Publish(board._current.With(FeedConnection.Live));
                    }

                    break;
            }
        }

        public void OnBroken(bool fromSnapshot)
        {
            if (fromSnapshot || Start is AlertWatchStart.Snapshot)
            {
                Start = new AlertWatchStart.Snapshot();
                _snapshot = AlertBoardState.Empty;
            }

            board.Publish(board._current.With(FeedConnection.Lost));
        }
    }
}
