using System.Collections.Immutable;
using Monitoring.Alerting;
using Monitoring.Departments;
using Monitoring.Dictionary;
using Monitoring.Indicators;
using Monitoring.Partitions;
using Monitoring.Sources;

namespace Monitoring.Infrastructure;

internal sealed class FakeSource : ISourceGrain
{
    private readonly Lock _gate = new();
    private long _epoch;
    private long _acknowledged;

    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    public Task<SourceStream> OpenAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            return Task.FromResult(new SourceStream { Epoch = ++_epoch, AcknowledgedSequence = _acknowledged });
        }
    }

    public Task<bool> RecordAcknowledgedAsync(long epoch, long sequence, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            _acknowledged = epoch == _epoch ? Math.Max(_acknowledged, sequence) : _acknowledged;
            return Task.FromResult(epoch == _epoch);
        }
    }
}

internal sealed class FakeDictionary : IDictionaryGrain
{
    private volatile DictionarySnapshot _snapshot = Samples.Dictionary(version: 1);

    public DictionaryChange? LastChange { get; private set; }

    public void Put(DictionarySnapshot snapshot) => _snapshot = snapshot;

    public Task<ApplyResult> ApplyAsync(DictionaryChange change, CancellationToken cancellationToken = default)
    {
        LastChange = change;
        var mistakes = change.Yaml == "bad"
            ? ImmutableArray.Create(new Mistake { File = change.FileName, Line = 3, Column = 5, Field = "indicators", Message = "is missing" })
            : [];
        return Task.FromResult(new ApplyResult { Version = _snapshot.Version, Applied = mistakes.IsEmpty && !change.DryRun, Mistakes = mistakes });
    }

    public Task<DictionarySnapshot> GetAsync(CancellationToken cancellationToken = default) => Task.FromResult(_snapshot);

    public Task<DictionarySnapshot?> GetNewerAsync(long knownVersion, CancellationToken cancellationToken = default) =>
        Task.FromResult(_snapshot is var snapshot && snapshot.Version > knownVersion ? snapshot : null);

    public Task<DictionarySnapshot> GetVersionAsync(long version, CancellationToken cancellationToken = default) => Task.FromResult(_snapshot);
}

internal sealed class FakeDepartment(string id) : IDepartmentGrain
{
    private readonly Lock _gate = new();
    private readonly List<AlertLogEntry> _log = [];
    private readonly HashSet<IAlertLogObserver> _observers = [];

    private readonly TaskCompletionSource _subscribed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Complete once somebody subscribed.</summary>
    public Task Subscribed => _subscribed.Task;

    /// <summary>True to let notices get lost.</summary>
    public bool DropsNotices { get; set; }

    /// <summary>An earlier end than the true one, as an activation has that was replaced without noticing.</summary>
    public long RememberedEnd { get; set; } = long.MaxValue;

    /// <summary>What asking storage ends with.</summary>
    public Exception? StorageFailure { get; set; }

    public AlertFilter? LastFilter { get; private set; }

    /// <summary>Times the log was read.</summary>
    public int Reads { get; private set; }

    public async Task LogAsync(AlertTransition transition)
    {
        AlertLogEntry entry;
        IAlertLogObserver[] observers;
        lock (_gate)
        {
            var transitions = _log.Count(before => before.Alert.Id == transition.AlertId) + 1;
            entry = new AlertLogEntry
            {
                Cursor = _log.Count + 1,
                LoggedAt = transition.Time,
                Transition = transition,
                Alert = new Alert { Last = transition, Transitions = transitions, ChangedAt = transition.Time },
            };
            _log.Add(entry);
            observers = DropsNotices ? [] : [.. _observers];
        }

        foreach (var observer in observers)
        {
            await observer.OnAppendedAsync(id, [entry]);
        }
    }

    public Task<ImmutableArray<AlertLogEntry>> ReadLogAsync(long afterCursor, int limit, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            Reads++;
            return Task.FromResult<ImmutableArray<AlertLogEntry>>([.. _log.Skip((int)afterCursor).Take(limit)]);
        }
    }

    public Task<long> FindCursorAsync(long timeUnixMs, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            return Task.FromResult((long)_log.Count(entry => entry.LoggedAt < timeUnixMs));
        }
    }

    public Task<bool> ReachesAsync(long cursor, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            return StorageFailure is { } failure ? Task.FromException<bool>(failure) : Task.FromResult(cursor <= _log.Count);
        }
    }

    public Task<OpenAlerts> GetOpenAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            var latest = _log.GroupBy(entry => entry.Alert.Id, StringComparer.Ordinal).Select(group => group.Last().Alert);
            return Task.FromResult(new OpenAlerts { Cursor = _log.Count, Alerts = [.. latest.Where(alert => alert.IsOpen)] });
        }
    }

    public Task<AlertPage> ListAsync(AlertFilter filter, CancellationToken cancellationToken = default)
    {
        LastFilter = filter;
        lock (_gate)
        {
            return Task.FromResult(new AlertPage { Alerts = [.. _log.Select(entry => entry.Alert).Take(filter.Limit)], NextBeforeCursor = 7 });
        }
    }

    public Task<AcknowledgeResult> AcknowledgeAsync(AcknowledgeCommand command, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            var alert = _log.LastOrDefault(entry => entry.Alert.Id == command.AlertId)?.Alert;
            var status = alert is null ? AcknowledgeStatus.UnknownAlert
                : alert.IsOpen ? AcknowledgeStatus.Acknowledged
                : AcknowledgeStatus.AlreadyResolved;
            var acknowledgement = new Acknowledgement { Person = command.Person, Comment = command.Comment, Time = 9 };
            return Task.FromResult(new AcknowledgeResult { Status = status, Alert = alert is null ? null : alert with { Acknowledgement = acknowledgement } });
        }
    }

    public Task<long> SubscribeAsync(IAlertLogObserver observer, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            _observers.Add(observer);
            _subscribed.TrySetResult();
            return Task.FromResult(Math.Min(_log.Count, RememberedEnd));
        }
    }

    public Task UnsubscribeAsync(IAlertLogObserver observer, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            _observers.Remove(observer);
        }

        return Task.CompletedTask;
    }

    public Task<DeliveryStatus> AppendAsync(TransitionDelivery delivery, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();
}

internal static class Samples
{
    public static DictionarySnapshot Dictionary(long version, params string[] moreCodes) => new()
    {
        Version = version,
        Yaml = "departments: []",
        Departments = [Department("noc"), Department("ga-ops")],
        Indicators = [Indicator("delay"), .. moreCodes.Select(Indicator)],
    };

    public static IndicatorDefinition Indicator(string code) => new()
    {
        Code = code,
        Name = new LocalizedText { Zh = "延误", En = "Delay" },
        Unit = "min",
        Statistic = Statistic.Average,
        Breakdown = ["state", "airport"],
        Resolution = TimeSpan.FromSeconds(10),
        Period = new Period { Kind = PeriodKind.Rolling, Length = TimeSpan.FromMinutes(5) },
        Owner = "noc",
    };

    public static NodeReading Reading(string path, double value, RulePhase phase = RulePhase.Normal) => new()
    {
        Key = new NodeKey("delay", path),
        Value = value,
        Aggregate = new Aggregate(1_000, value),
        PeriodStart = 0,
        PeriodEnd = 300_000,
        NewestPoint = 1_000,
        Rules = [new RuleStatus { Rule = "high", Phase = phase, Level = phase == RulePhase.Normal ? AlertLevel.None : AlertLevel.Warning, Since = 5, AlertId = null }],
    };

    public static AlertTransition Transition(string alertId, AlertLevel level, TransitionKind kind = TransitionKind.Firing, long time = 1_000) => new()
    {
        AlertId = alertId,
        Node = new NodeKey("delay", "GA/ATL"),
        Rule = "high",
        Kind = kind,
        Level = level,
        PeakLevel = level,
        Time = time,
        StartedAt = time,
        Value = 31,
        Threshold = 30,
        WindowStart = 0,
        WindowEnd = 2_000,
        WindowPoints = 3,
        DictionaryVersion = 1,
    };

    private static DepartmentDefinition Department(string id) => new() { Id = id, Name = new LocalizedText { En = id } };
}
