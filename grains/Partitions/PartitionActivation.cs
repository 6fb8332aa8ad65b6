using Monitoring.Dictionary;
using Monitoring.LatePoints;

namespace Monitoring.Partitions;

/// <summary>One life of a partition in memory: mailbox, journal, applier, exchange and checkpoints, put together.</summary>
internal sealed class PartitionActivation
{
    private readonly PartitionJournal _journal;
    private readonly PartitionExchange _exchange;
    private readonly ShareRequests _requests;
    private readonly PartitionCheckpointer _checkpointer;
    private readonly PartitionTrimmer _trimmer;
    private readonly DictionaryVersions _dictionaries;
    private readonly PartitionDictionary _dictionary;
    private readonly NodeTable _nodes;
    private readonly NodeCaller _caller;
    private readonly TimeProvider _clock;
    private readonly CancellationToken _stopping;
    private readonly Action<Exception> _failed;
    private readonly Action<PumpStep>? _reached;
    private readonly PartitionMetrics _metrics;
    private int _toldOutgoing;
    private bool _isClosed;
    private Task _mailboxLoop = Task.CompletedTask;
    private Task _applierLoop = Task.CompletedTask;
    private Task? _tick;
    private long _tickedThrough;

    public PartitionActivation(
        int partition, RecoveredPartition recovered, PartitionServices services, Action<Exception> failed, CancellationToken stopping)
    {
        var (options, clock, metrics) = (services.Options, services.Clock, services.Metrics);
        (_clock, _metrics, _stopping, _failed, _nodes, _dictionaries) = (clock, metrics, stopping, failed, recovered.Nodes, services.Dictionaries);
        _dictionary = new PartitionDictionary(recovered.StoredDictionary, _nodes);
        _journal = new PartitionJournal(partition, recovered.NextSequence, recovered.LastAt, _nodes, services.Store, options, clock, metrics, services.Health);
        _reached = services.Observer is { } observer ? step => observer.Reached(partition, Epoch, step) : null;
        var images = new NodeImages(partition, services.Store, services.Records);
        _caller = new NodeCaller(partition, Epoch, services.Silo, services.Grains, services.Store, images, services.Turns, options, metrics)
        {
            Reached = _reached,
        };
        _exchange = new PartitionExchange(partition, Epoch, services.Grains, services.Map, options, clock)
        {
            Reached = _reached,
            Failed = failed,
            Progressed = () => Mailbox!.Wake(),
        };
        var late = new LateBook(partition, services.History, metrics);
        _trimmer = new PartitionTrimmer(partition, Epoch, _nodes, services.LateStore, services.HistoryStore, services.History, metrics)
        {
            Define = _dictionary.Define,
        };
        _requests = new ShareRequests(services.Grains, services.Map, options, clock) { Failed = failed };
        var corrections = new CorrectionBook(metrics);
        _checkpointer = new PartitionCheckpointer(
            partition, Epoch, _nodes, recovered.Applied, _dictionary, _caller, _exchange, _requests, corrections, services.Store, services.Headers, options,
            services.RawPoints, clock, metrics, services.Health)
        {
            Reached = _reached,
            Failed = failed,
            Late = late,
            Stored = at => _trimmer.Start(at, stopping),
        };
        _checkpointer.Restore(recovered.Image, recovered.Header);
        Applier = new PartitionApplier(
            _journal, _nodes, recovered.Applied, _caller, _exchange, _requests, corrections, _dictionary, services.Dictionaries, options, clock,
            metrics)
        {
            Reached = _reached,
            NodeCount = recovered.Image.Nodes.Count,
            Applied = late.OnApplied,
            Rest = () => RestAsync(),
            Relieved = () => Mailbox!.Wake(),
            Flush = () => _checkpointer.FlushAsync(Applier!, stopping),
        };
        _exchange.Restore(recovered.Header, recovered.Image.Entry);
        _requests.Restore(recovered.Header.Collections, _nodes);
        _dictionary.Restore(recovered.Header.Retired);
        Applier.Restore(recovered.Image.Entry, recovered.Header.At);
        Mailbox = new PartitionMailbox(_journal, _nodes, recovered.Received, options, clock, metrics)
        {
            Reached = _reached,
            Dictionary = recovered.LatestDictionary,
            CorrectionsFrom = at => Math.Max(_checkpointer.RawFrom, at - (long)services.CorrectionAge.TotalMilliseconds),
            Journaled = entry =>
            {
                late.OnJournaled(entry);
                Applier.Enqueue(entry);
            },
            IsCongested = () => Applier.IsCongested,
            IsBacklogged = () => Applier.IsBacklogged,
        };
        Queries = new NodeQueries(_nodes, _caller, _checkpointer, corrections, services.Store, services.Records, clock);
        LatePoints = new LateDesk(partition, late, services.LateStore, Mailbox, _checkpointer, metrics);
        EntriesToReplay = recovered.Tail.Count;
        foreach (var entry in recovered.Tail)
        {
            late.OnJournaled(entry);
            Applier.Enqueue(entry);
        }
    }

    public PartitionMailbox Mailbox { get; }

    public PartitionApplier Applier { get; }

    public NodeQueries Queries { get; }

    public LateDesk LatePoints { get; }

    /// <summary>The dictionary in force at the last applied entry.</summary>
    public DictionarySnapshot Dictionary => _dictionary.Current;

    public long Epoch => _journal.Epoch;

    public int NodeCount => _nodes.Count;

    public int EntriesToReplay { get; }

    /// <summary>Makes this activation the only one that can write.</summary>
    public async Task ClaimAsync(CancellationToken cancellationToken) => Applier.Enqueue(await _journal.ClaimAsync(Applier.AppliedThrough, cancellationToken));

    /// <summary>Completes when both loops have ended; never fails.</summary>
    public Task Ended => Task.WhenAll(_mailboxLoop, _applierLoop);

    /// <summary>Starts the loops; a failure of one is told once, and after it this activation cannot go on.</summary>
    public void Start()
    {
        _mailboxLoop = GuardAsync(Mailbox.RunAsync(_stopping));
        _applierLoop = GuardAsync(Applier.RunAsync(_stopping));
    }

    /// <summary>Switches to a version of the dictionary, unless it or a newer one is in force; journaled when it returns.</summary>
    public ValueTask AdoptAsync(long version, CancellationToken cancellationToken)
    {
        return version <= Mailbox.Dictionary.Version ? ValueTask.CompletedTask : new ValueTask(AdoptNewAsync());

        async Task AdoptNewAsync() => await Mailbox.AdoptAsync(await _dictionaries.GetAsync(version, cancellationToken));
    }

    /// <summary>Tells the time to the nodes that wait for it, through the journal; looks whether a checkpoint is due.</summary>
    public Task TickAsync()
    {
        Applier.Wake();
        _caller.ShareTurn();
        Mailbox.RefuseIfHeldUp();
        Mailbox.RefuseOverdue();
        Tell(Applier.OutgoingWeight);
        if (_tick is not { IsCompleted: false }
            && !Mailbox.IsHeldUp
            && Applier.Replayed.IsCompletedSuccessfully
            && Applier.AppliedThrough >= _tickedThrough
            && Applier.IsTickDue(_clock.GetUtcNow().ToUnixTimeMilliseconds()))
        {
            _tick = TellTimeAsync();
        }

        return Task.CompletedTask;

        async Task TellTimeAsync()
        {
            try
            {
                await Mailbox.TickAsync();
                _tickedThrough = _journal.LastSequence;
            }
            catch (Exception) when (_stopping.IsCancellationRequested || Mailbox.IsClosed || Mailbox.IsHeldUp)
            {
                // The activation ends, and the next one tells the time; or the journal is held up, and the next tick tells it.
            }
        }
    }

    /// <summary>Waits until everything journaled so far is applied and what follows from it has arrived.</summary>
    /// <exception cref="PartitionClosedException">The activation ends; what is left settles in the next one.</exception>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        var until = _journal.LastSequence;
        while (Applier.AppliedThrough < until || !_exchange.IsEmpty || _requests.Weight > 0)
        {
            if (Mailbox.IsClosed)
            {
                throw new PartitionClosedException(_caller.Partition);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(2), _clock, cancellationToken);
        }
    }

    /// <summary>Stops taking anything in, and stores what is applied, so that the next start has nothing to replay.</summary>
    public async Task CloseGracefullyAsync(CancellationToken cancellationToken)
    {
        Mailbox.Close(new PartitionClosedException(_caller.Partition));
        if (!Applier.Replayed.IsCompletedSuccessfully)
        {
            // A replay waits for answers of partitions, perhaps of this one, which takes no calls any more.
            return;
        }

        // First the append in flight, then what it brings, and only then what both have changed.
        await _mailboxLoop.WaitAsync(cancellationToken);
        _reached?.Invoke(PumpStep.Closing);
        Applier.Complete();
        await _applierLoop.WaitAsync(cancellationToken);
        _reached?.Invoke(PumpStep.ClosingApplied);
        if (Applier.IsClosed)
        {
            // It failed meanwhile. Nodes may hold part of an entry that a replay will apply as a whole, so what they hold must not be stored.
            return;
        }

        await _checkpointer.FlushAsync(Applier, cancellationToken);
    }

    /// <summary>Completes when nothing is being written behind the journal, or has failed.</summary>
    public Task BackgroundWrites => Task.WhenAll(_caller.CheckpointWrite, _trimmer.Running);

    /// <summary>Refuses everything from now on.</summary>
    public void Close(Exception reason)
    {
        Mailbox.Close(reason);
        Applier.Close(reason);
        _caller.EvictAll(_nodes);
        _isClosed = true;
        Tell(outgoing: 0);
    }

    /// <summary>The metric counts over all partitions, so each tells what changed.</summary>
    private void Tell(int outgoing)
    {
        if (outgoing == 0 || !_isClosed)
        {
            _metrics.OnOutboxChanged(outgoing - _toldOutgoing);
            _toldOutgoing = outgoing;
        }
    }

    private async Task GuardAsync(Task loop)
    {
        try
        {
            await loop;
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The activation ends.
        }
        catch (Exception exception)
        {
            _failed(exception);
        }
    }

    private Task RestAsync() => _checkpointer.RestAsync(Applier, _stopping);
}
