using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Monitoring.Partitions;
using Orleans.Serialization;
using Orleans.Utilities;

namespace Monitoring.Departments;

/// <summary>Hosts one department's alert log.</summary>
/// <remarks>
/// Reentrant, so that deliveries gather while an append is in flight and readers never wait for one. What holds across awaits: the
/// <see cref="AlertLogWriter"/> alone changes the log in memory, in one go and only after the append is durable.
/// </remarks>
[GrainType("department"), Orleans.Concurrency.Reentrant]
internal sealed partial class DepartmentGrain : Grain, IDepartmentGrain, IDisposable
{
    private readonly IAlertLogStore _store;
    private readonly Serializer<AlertLogEntry> _entries;
    private readonly ILogger<DepartmentGrain> _logger;
    private readonly ObserverManager<IAlertLogObserver> _observers;
    private readonly AlertLogWriter _writer;
    private readonly string _department;

    public DepartmentGrain(
        IAlertLogStore store, Serializer<AlertLogEntry> entries, IOptions<DepartmentOptions> options, TimeProvider clock, DepartmentMetrics metrics,
        ILogger<DepartmentGrain> logger)
    {
        (_store, _entries, _logger) = (store, entries, logger);
        _department = this.GetPrimaryKeyString();
        _observers = new ObserverManager<IAlertLogObserver>(IDepartmentGrain.ObserverLease, logger)
        {
            GetDateTime = () => clock.GetUtcNow().UtcDateTime,
        };
        _writer = new AlertLogWriter(_department, store, entries, options.Value, clock, metrics)
        {
            Appended = appended => _ = TellAsync(appended),
            TakenOver = StepDown,
        };
    }

    public override Task OnActivateAsync(CancellationToken cancellationToken) => _writer.LoadAsync(cancellationToken);

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => _writer.CloseAsync(cancellationToken);

    public void Dispose() => _writer.Dispose();

    public Task<DeliveryStatus> AppendAsync(TransitionDelivery delivery, CancellationToken cancellationToken = default)
    {
        AlertLimits.Check(delivery);
        return _writer.AppendAsync(delivery);
    }

    public async Task<AcknowledgeResult> AcknowledgeAsync(AcknowledgeCommand command, CancellationToken cancellationToken = default)
    {
        AlertLimits.Check(command);
        while (true)
        {
            if (await _writer.AcknowledgeAsync(command) is { } acknowledged)
            {
                return new AcknowledgeResult { Status = AcknowledgeStatus.Acknowledged, Alert = acknowledged };
            }

            if (await _store.FindAlertAsync(_department, command.AlertId, cancellationToken) is not { } stored)
            {
                return new AcknowledgeResult { Status = AcknowledgeStatus.UnknownAlert, Alert = null };
            }

            if (!stored.IsOpen)
            {
                return new AcknowledgeResult { Status = AcknowledgeStatus.AlreadyResolved, Alert = ToEntry(stored).Alert };
            }

            // It was logged between the two looks, perhaps by another activation.
            _writer.Distrust();
        }
    }

    public async Task<ImmutableArray<AlertLogEntry>> ReadLogAsync(long afterCursor, int limit, CancellationToken cancellationToken = default)
    {
        AlertLimits.CheckRead(afterCursor, limit);
        if (afterCursor >= _writer.Log.LastCursor)
        {
            return [];
        }

        return _writer.Tail.TryRead(afterCursor, limit, out var recent)
            ? recent
            : [.. (await _store.ReadAsync(_department, afterCursor, limit, cancellationToken)).Select(ToEntry)];
    }

    public async Task<long> FindCursorAsync(long timeUnixMs, CancellationToken cancellationToken = default) =>
        timeUnixMs > _writer.Log.LastLoggedAt
            ? _writer.Log.LastCursor
            : await _store.FindCursorAsync(_department, timeUnixMs, cancellationToken);

    public async Task<bool> ReachesAsync(long cursor, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cursor);
        if (cursor <= _writer.Log.LastCursor)
        {
            return true;
        }

        if ((await _store.ReadAsync(_department, cursor - 1, 1, cancellationToken)).Count == 0)
        {
            return false;
        }

        if (cursor > _writer.Log.LastCursor)
        {
            // Another activation wrote the log: whoever asks next gets one that knows all of it.
            DeactivateOnIdle();
        }

        return true;
    }

    public Task<OpenAlerts> GetOpenAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult(new OpenAlerts { Cursor = _writer.Log.LastCursor, Alerts = _writer.Log.GetOpen() });

    public async Task<AlertPage> ListAsync(AlertFilter filter, CancellationToken cancellationToken = default)
    {
        AlertLimits.Check(filter);

        // One more than asked for tells whether there is a next page.
        var levels = filter.Levels.IsDefault ? [] : filter.Levels;
        var found = await _store.ListAsync(_department, filter with { Limit = filter.Limit + 1, Levels = levels }, cancellationToken);
        return new AlertPage
        {
            Alerts = [.. found.Take(filter.Limit).Select(stored => ToEntry(stored).Alert)],
            NextBeforeCursor = found.Count > filter.Limit ? found[filter.Limit - 1].FirstCursor : 0,
        };
    }

    public Task<long> SubscribeAsync(IAlertLogObserver observer, CancellationToken cancellationToken = default)
    {
        _observers.Subscribe(observer, observer);
        return Task.FromResult(_writer.Log.LastCursor);
    }

    public Task UnsubscribeAsync(IAlertLogObserver observer, CancellationToken cancellationToken = default)
    {
        _observers.Unsubscribe(observer);
        return Task.CompletedTask;
    }

    private async Task TellAsync(ImmutableArray<AlertLogEntry> appended)
    {
        try
        {
            await _observers.Notify(observer => observer.OnAppendedAsync(_department, appended));
        }
        catch (Exception exception)
        {
            // A notice may be lost: whoever misses one sees the gap, or reads the log when it renews its lease.
            LogNoticeFailed(exception, _department);
        }
    }

    private void StepDown(AlertLogConflictException conflict)
    {
        LogSteppedDown(conflict, _department);
        DeactivateOnIdle();
    }

    private AlertLogEntry ToEntry(StoredAlertEntry stored) => _entries.Deserialize(stored.Payload)!;
}
