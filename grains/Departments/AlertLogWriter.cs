using System.Collections.Immutable;
using Monitoring.Alerting;
using Monitoring.Partitions;
using Orleans.Serialization;

namespace Monitoring.Departments;

/// <summary>
/// Appends to one department's log. One append is in flight at a time; what arrives meanwhile is appended together with the next. The
/// log in memory changes only when an append is durable, at once with the answers.
/// </summary>
/// <remarks>
/// Used within one activation only, hence not thread-safe. What waits is bounded by the senders: a partition has one delivery to a
/// department in flight.
/// </remarks>
internal sealed class AlertLogWriter(
    string department, IAlertLogStore store, Serializer<AlertLogEntry> entries, DepartmentOptions options, TimeProvider clock,
    DepartmentMetrics metrics) : IDisposable
{
    private readonly Queue<AlertLogRequest> _waiting = new();
    private readonly CancellationTokenSource _stopping = new();
    private Task _writing = Task.CompletedTask;
    private Exception? _closed;
    private bool _isBehind;
    private int _countedOpen;

    /// <summary>The log as far as it is durable.</summary>
    public AlertLog Log { get; private set; } = new();

    /// <summary>Newest entries.</summary>
    public AlertLogTail Tail { get; } = new(options.TailLength);

    /// <summary>Is told of entries once they are durable.</summary>
    public required Action<ImmutableArray<AlertLogEntry>> Appended { get; init; }

    /// <summary>Is told when another activation writes the log, so that this one must step down.</summary>
    public required Action<AlertLogConflictException> TakenOver { get; init; }

    /// <summary>Reads where the log stands.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        var head = await store.LoadAsync(department, cancellationToken);
        if (head.LastCursor != Log.LastCursor)
        {
            Tail.Clear();
        }

        Log = new AlertLog(
            head.LastCursor,
            head.LastLoggedAt,
            head.Watermarks,
            head.OpenAlerts.Select(stored => new LoggedAlert(stored.FirstCursor, entries.Deserialize(stored.Payload)!.Alert)));
        _isBehind = false;
        CountOpen(Log.OpenCount);
    }

    /// <summary>Appends what is new in a delivery; durable when it returns.</summary>
    public Task<DeliveryStatus> AppendAsync(TransitionDelivery delivery) => Post(new AppendRequest(delivery)).Answer.Task;

    /// <summary>Takes an open alert in hand; null when the log has no such alert open.</summary>
    public Task<Alert?> AcknowledgeAsync(AcknowledgeCommand command) => Post(new AcknowledgeRequest(command)).Answer.Task;

    /// <summary>Memory turned out to be behind storage: it is read anew before anything else is decided.</summary>
    public void Distrust() => _isBehind = true;

    /// <summary>Refuses everything from now on, and waits for the append in flight.</summary>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        _closed ??= new DepartmentClosedException(department);
        await using var registration = cancellationToken.UnsafeRegister(state => ((CancellationTokenSource)state!).Cancel(), _stopping);
        await _writing;
        CountOpen(0);
    }

    public void Dispose() => _stopping.Dispose();

    private TRequest Post<TRequest>(TRequest request)
        where TRequest : AlertLogRequest
    {
        if (_closed is not null)
        {
            request.Fail(_closed);
            return request;
        }

        _waiting.Enqueue(request);
        if (_writing.IsCompleted)
        {
            _writing = WriteWaitingAsync();
        }

        return request;
    }

    private async Task WriteWaitingAsync()
    {
        while (TakeRound() is { Count: > 0 } round)
        {
            try
            {
                await WriteAsync(round);
            }
            catch (Exception exception)
            {
                // The failure is the senders' answer; they try again. Part of it may be stored all the same, if only the answer of the
                // database was lost, so what is stored is looked at before anything else is decided.
                _isBehind = true;
                metrics.OnAppendFailed();
                round.ForEach(request => request.Fail(exception));
                if (exception is AlertLogConflictException conflict)
                {
                    _closed ??= conflict;
                    TakenOver(conflict);
                }
            }
        }
    }

    private List<AlertLogRequest> TakeRound()
    {
        var round = new List<AlertLogRequest>(_waiting.Count);
        for (var weight = 0; weight < options.MaxAppendEntries && _waiting.TryDequeue(out var request); weight += request.Weight)
        {
            round.Add(request);
        }

        return round;
    }

    private async Task WriteAsync(List<AlertLogRequest> round)
    {
        if (_closed is not null)
        {
            throw _closed;
        }

        var isFresh = _isBehind;
        if (_isBehind)
        {
            await LoadAsync(_stopping.Token);
        }

        var draft = Decide(round);
        if (draft.HasGap && !isFresh)
        {
            // No sender leaves anything out. What seems to be missing was logged by another activation, of which this one does not know.
            await LoadAsync(_stopping.Token);
            draft = Decide(round);
        }

        if (draft.Entries.Count > 0)
        {
            var started = clock.GetTimestamp();
            await store.AppendAsync(department, [.. draft.Entries.Select(ToStored)], [.. draft.Watermarks], _stopping.Token);
            metrics.OnAppended(clock.GetElapsedTime(started), draft.Entries.Count);
            Log.Commit(draft);
            CountOpen(Log.OpenCount);
            ImmutableArray<AlertLogEntry> appended = [.. draft.Entries.Select(drafted => drafted.Entry)];
            Tail.Add(appended);
            Appended(appended);
        }

        round.ForEach(request => request.Complete());
    }

    private AlertLogDraft Decide(List<AlertLogRequest> round)
    {
        var draft = Log.Draft(clock.GetUtcNow().ToUnixTimeMilliseconds());
        round.ForEach(request => request.Decide(draft));
        return draft;
    }

    private StoredAlertEntry ToStored(DraftedEntry drafted) => new(
        drafted.Entry.Cursor,
        drafted.Entry.LoggedAt,
        drafted.Entry.Alert.Id,
        drafted.FirstCursor,
        drafted.Entry.Alert.IsOpen,
        drafted.Entry.Alert.Last.PeakLevel,
        drafted.Entry.Alert.Last.Node.Code,
        drafted.Entry.Alert.Last.Node.Path,
        entries.SerializeToArray(drafted.Entry));

    private void CountOpen(int open)
    {
        metrics.OnOpenChanged(open - _countedOpen);
        _countedOpen = open;
    }
}

/// <summary>The department's actor is moving or stopping; try again.</summary>
[GenerateSerializer, Alias("monitoring.department-closed")]
public sealed class DepartmentClosedException(string department) : TryAgainException($"Department {department} is stopping; try again.");
