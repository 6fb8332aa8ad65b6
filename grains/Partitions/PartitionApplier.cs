using Monitoring.Alerting;
using Monitoring.Dictionary;
using Monitoring.Indicators;

namespace Monitoring.Partitions;

/// <summary>
/// Applies journal entries to nodes, strictly in order, and collects what follows. What it does is a function of the journal alone, so
/// that replaying it after a crash leads to the same place. Entries that wait are applied in one round, in which each node is called once
/// and takes them one by one: the more waits, the fewer calls.
/// </summary>
/// <remarks>
/// How contributions are merged on their way to another partition depends on timing, and so do the last bits of their sums. The receiver
/// journals them as they came, so its own replay repeats them: each partition is a function of its own journal. One thing is not: points
/// that are late for a bucket which left memory are merged among each other until the next checkpoint adds them to it, so the rounding of
/// that bucket's stored sum depends on when checkpoints were taken.
/// </remarks>
internal sealed partial class PartitionApplier(
    PartitionJournal journal, NodeTable nodes, SenderTable applied, NodeCaller caller, PartitionExchange exchange, ShareRequests requests,
    CorrectionBook corrections, PartitionDictionary dictionary, DictionaryVersions versions, PartitionOptions options, TimeProvider clock, PartitionMetrics metrics)
{
    private readonly Queue<JournalEntry> _backlog = new();
    private readonly AsyncSignal _signal = new();
    private readonly NodeGrouping _grouping = new();
    private readonly List<JournalEntry> _round = [];
    private readonly List<NodeOutcome?> _outcomes = [];
    private readonly List<(int Order, AlertTransition Transition)> _transitions = [];
    private readonly ShareAnswers _shares = new(caller.Partition, nodes, caller);
    private readonly List<(NodeKey Node, BucketShare Share)> _answers = [];
    private readonly NodeAgenda _agenda = new();
    private readonly OldestPoints _oldest = new();
    private readonly TaskCompletionSource _replayed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _backlogWeight;
    private bool _isClosed;
    private bool _isLast;

    /// <summary>Is told of every entry once all that follows from it is collected.</summary>
    public Action<JournalEntry> Applied { get; init; } = _ => { };

    /// <summary>Is asked between entries; takes checkpoints.</summary>
    public required Func<Task> Rest { get; init; }

    /// <summary>Is told that the backlog has shrunk.</summary>
    public required Action Relieved { get; init; }

    /// <summary>Takes a checkpoint now and waits until it is durable.</summary>
    public required Func<Task> Flush { get; init; }

    /// <summary>Is told of steps; null in production.</summary>
    public Action<PumpStep>? Reached { get; init; }

    /// <summary>The last applied entry.</summary>
    public long AppliedThrough { get; private set; }

    /// <summary>Time of the last applied entry, milliseconds since 1970-01-01T00:00:00Z.</summary>
    public long AppliedAt { get; private set; }

    /// <summary>Nodes that applied entries created; the mailbox may have added more.</summary>
    public required int NodeCount { get; set; }

    /// <summary>Stored bytes of entries applied since the last checkpoint.</summary>
    public long BytesSinceCheckpoint { get; set; }

    /// <summary>Completes when everything that an earlier activation journaled is applied.</summary>
    public Task Replayed => _replayed.Task;

    /// <summary>True when nothing more must be journaled, save what the applier may itself wait for.</summary>
    public bool IsBacklogged => _backlogWeight >= options.MaxBacklogWeight;

    /// <summary>True when the activation has ended: perhaps part of an entry is applied that is not concluded.</summary>
    public bool IsClosed => _isClosed;

    /// <summary>True when sources must wait.</summary>
    public bool IsCongested => IsBacklogged || OutgoingWeight >= options.MaxOutboxWeight;

    /// <summary>What waits for receivers elsewhere.</summary>
    public int OutgoingWeight => exchange.Weight + requests.Weight;

    /// <summary>True when some node must be told the time.</summary>
    public bool IsTickDue(long now) => _agenda.IsDue(now);

    /// <summary>Takes an entry; entries come in the order of the journal.</summary>
    public void Enqueue(JournalEntry entry)
    {
        if (_isClosed)
        {
            return; // The next activation finds it in the journal.
        }

        _backlog.Enqueue(entry);
        _backlogWeight += entry.Weight;
        metrics.OnBacklogChanged(entry.Weight);
        _signal.Set();
    }

    /// <summary>Where the stored state stands.</summary>
    public void Restore(long entry, long at)
    {
        (AppliedThrough, AppliedAt) = (entry, at);
        exchange.AppliedThrough = entry;
        exchange.DictionaryVersion = dictionary.Current.Version;
        foreach (var slot in nodes.All)
        {
            _agenda.Schedule(slot);
        }
    }

    /// <summary>Looks again whether there is something to do.</summary>
    public void Wake() => _signal.Set();

    /// <summary>Ends the loop when all that was enqueued is applied.</summary>
    public void Complete()
    {
        _isLast = true;
        _signal.Set();
    }

    /// <summary>Runs until the activation ends.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        Reached?.Invoke(PumpStep.Claimed);
        await exchange.OpenRestoredAsync(stopping);
        while (!_isClosed)
        {
            if (TakeRound())
            {
                await ApplyAsync(stopping);
                if (_isClosed)
                {
                    return;
                }

                Leave();
            }
            else if (_isLast)
            {
                return;
            }
            else
            {
                await _signal.WaitAsync(stopping);
            }

            if (!_isClosed)
            {
                exchange.Send(stopping);
                requests.Send(stopping);
                await Rest();
            }
        }
    }

    /// <summary>The activation ends at once: nothing further is applied or sent, and what waits here comes from the journal again.</summary>
    public void Close(Exception reason)
    {
        if (_isClosed)
        {
            return;
        }

        _isClosed = true;
        metrics.OnBacklogChanged(-_backlogWeight);
        _backlogWeight = 0;
        _backlog.Clear();
        _signal.Set();
        _ = _replayed.TrySetException(reason) && _replayed.Task.Exception is null;
    }

    private async Task AdoptAsync(long version, CancellationToken stopping)
    {
        Reached?.Invoke(PumpStep.Adopting);
        var next = await versions.GetAsync(version, stopping);
        var lengthened = dictionary.OfOtherPeriods(next);
        if (lengthened.Count > 0)
        {
            // Their nodes hold in memory what the old periods needed. Everything is stored first, then they are loaded anew.
            await Flush();
            foreach (var definition in lengthened)
            {
                dictionary.Visit(definition.Code, caller.Evict);
            }
        }

        dictionary.Adopt(next, _grouping.Touch);
        exchange.DictionaryVersion = next.Version;
    }
}
