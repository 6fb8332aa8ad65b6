using System.Collections.Immutable;
using Monitoring.Departments;
using Monitoring.Gateway.Hosting;

namespace Monitoring.Gateway.Alerts;

/// <summary>
/// This gateway's one subscription to a department, shared by all its watchers. Notices are the quick way; reading the log now and
/// then is the sure one.
/// </summary>
internal sealed partial class DepartmentFeed : IAlertLogObserver, ISharedSource
{
    private static readonly TimeSpan UnsubscribeTimeout = TimeSpan.FromSeconds(1);

    private readonly string _department;
    private readonly IDepartmentGrain _grain;
    private readonly IGrainFactory _grains;
    private readonly IAlertLogObserver _reference;
    private readonly AlertFeedOptions _options;
    private readonly AlertMetrics _metrics;
    private readonly TimeProvider _clock;
    private readonly ILogger<DepartmentFeed> _logger;
    private readonly RecentEntries _recent;
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _loop;
    private ImmutableHashSet<WakeSignal> _watchers = [];

    public DepartmentFeed(
        string department, IGrainFactory grains, AlertFeedOptions options, AlertMetrics metrics, TimeProvider clock,
        ILogger<DepartmentFeed> logger)
    {
        _department = department;
        _grains = grains;
        _grain = grains.GetGrain<IDepartmentGrain>(department);
        _options = options;
        _metrics = metrics;
        _clock = clock;
        _logger = logger;
        _recent = new RecentEntries(options.RecentEntries);
        _reference = grains.CreateObjectReference<IAlertLogObserver>(this);
        _loop = RunAsync(_closing.Token);
    }

    /// <summary>False: reading the log is retried by whoever watches, each with a limit of its own.</summary>
    public bool HasFailed => false;

    /// <summary>Wakes a watcher whenever the log grew.</summary>
    public void Attach(WakeSignal watcher) => ImmutableInterlocked.Update(ref _watchers, (set, added) => set.Add(added), watcher);

    public void Detach(WakeSignal watcher) => ImmutableInterlocked.Update(ref _watchers, (set, removed) => set.Remove(removed), watcher);

    /// <summary>Renews the subscription, and returns the present end of the log.</summary>
    public async Task<long> RenewAsync(CancellationToken cancellationToken)
    {
        var end = await _grain.SubscribeAsync(_reference, cancellationToken);
        if (end > _recent.End)
        {
            _recent.ExtendTo(end);
            WakeWatchers();
        }

        return end;
    }

    /// <summary>Every open alert, and the position at which this was so.</summary>
    public Task<OpenAlerts> GetOpenAsync(CancellationToken cancellationToken) => _grain.GetOpenAsync(cancellationToken);

    /// <summary>True when the log has an entry at a position, or it is 0, as storage knows it.</summary>
    public Task<bool> ReachesAsync(long position, CancellationToken cancellationToken) => _grain.ReachesAsync(position, cancellationToken);

    /// <summary>Position in front of the first entry logged at or after a time, milliseconds since 1970-01-01T00:00:00Z.</summary>
    public Task<long> FindAsync(long timeUnixMs, CancellationToken cancellationToken) =>
        _grain.FindCursorAsync(timeUnixMs, cancellationToken);

    /// <summary>Fills a page with what follows a position: from memory when that is complete there, otherwise from the log.</summary>
    public async ValueTask ReadAsync(long after, List<AlertLogEntry> page, CancellationToken cancellationToken)
    {
        page.Clear();
        if (!_recent.TryRead(after, _options.PageSize, page))
        {
            _metrics.OnReadBehind();
            page.AddRange(await ReadLogAsync(after, cancellationToken));
        }
    }

    public Task OnAppendedAsync(string department, ImmutableArray<AlertLogEntry> entries)
    {
        _metrics.OnNoticed();
        if (_recent.Add(entries) > 0)
        {
            WakeWatchers();
        }

        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _loop;
        try
        {
            await _grain.UnsubscribeAsync(_reference, CancellationToken.None).WaitAsync(UnsubscribeTimeout, _clock);
        }
        catch (Exception exception)
        {
            // The lease ends the subscription if this does not.
            LogNotUnsubscribed(_department, exception);
        }

        _grains.DeleteObjectReference<IAlertLogObserver>(_reference);
        _closing.Dispose();
    }

    private async Task<ImmutableArray<AlertLogEntry>> ReadLogAsync(long after, CancellationToken cancellationToken)
    {
        long? failingSince = null;
        while (true)
        {
            try
            {
                return await _grain.ReadLogAsync(after, _options.PageSize, cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                // A department that moves or restarts answers again soon; its watchers need not notice.
                failingSince ??= _clock.GetTimestamp();
                if (_clock.GetElapsedTime(failingSince.Value) >= _options.RetryLimit)
                {
                    throw;
                }

                LogUnreadable(_department, exception);
            }

            await Task.Delay(_options.PollInterval, _clock, cancellationToken);
        }
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(_options.PollInterval, _clock);
        var renewedAt = _clock.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                try
                {
                    if (_clock.GetElapsedTime(renewedAt) >= _options.LeaseRenewal)
                    {
                        await RenewAsync(cancellationToken);
                        renewedAt = _clock.GetTimestamp();
                    }

                    await CatchUpAsync(cancellationToken);
                }
                catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
                {
                    // The next tick tries again; until then notices may still come.
                    LogUnreadable(_department, exception);
                }
            }
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // Nobody watches any more; a call under way may end by what cut it off instead of by the cancellation.
        }
    }

    private async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        var entries = await _grain.ReadLogAsync(_recent.End, _options.PageSize, cancellationToken);
        if (_recent.Add(entries) is var added and > 0)
        {
            _metrics.OnMissed(added);
            WakeWatchers();

            // No notice came: the department may have moved, which ends its subscriptions.
            await RenewAsync(cancellationToken);
        }
    }

    private void WakeWatchers()
    {
        foreach (var watcher in Volatile.Read(ref _watchers))
        {
            watcher.Set();
        }
    }
}
