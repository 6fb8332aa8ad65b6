using System.Collections.Immutable;
using Monitoring.Dictionary;
using Monitoring.LatePoints;

namespace Monitoring.Partitions;

/// <summary>
/// Where everything that a partition is told waits for the next journal entry. One loop takes what waits, drops duplicates, appends
/// the rest as one entry, and only then answers: the more waits, the more goes into one entry.
/// </summary>
/// <remarks>
/// Bounded: a partition sends one delivery at a time, and points beyond <see cref="PartitionOptions.MaxMailboxWeight"/>, or of one source
/// beyond <see cref="PartitionOptions.MaxSourceWeight"/>, are refused. Sources take turns, so a hot one fills its own share alone. Points
/// and contributions wait while the backlog is too long, points also while too much waits to be sent: applying never waits for another
/// partition's journal, so no two can wait for each other. The rest always passes, since a replay waits for it.
/// <para>
/// While the journal is held up, everybody is told to try again. What the append in flight holds may be durable in the end, and is then a
/// duplicate when it comes again; what only waited was not looked at yet.
/// </para>
/// </remarks>
internal sealed partial class PartitionMailbox(
    PartitionJournal journal, NodeTable nodes, SenderTable senders, PartitionOptions options, TimeProvider clock, PartitionMetrics metrics)
{
    /// <summary>Points of a source in one turn: fewer make smaller sources wait less, more keep batches of a source together.</summary>
    private const int TurnWeight = 256;

    private readonly FairQueue<PointsMail> _points = new(
        TurnWeight, options.MaxMailboxWeight, options.MaxSourceWeight, mail => Displace(mail, "displaced", metrics));

    private readonly Queue<Mail> _contributions = new();
    private readonly Dictionary<int, ContributionsMail> _waitingOf = [];
    private readonly Queue<ReinjectMail> _reinjections = new();
    private readonly Queue<Mail> _others = new();
    private readonly AsyncSignal _signal = new();
    private List<Mail> _round = [];
    private long? _appendingSince;
    private Exception? _heldUp;
    private Exception? _closed;

    private SenderTable Senders { get; } = senders;

    private NodeTable Nodes { get; } = nodes;

    private PartitionMetrics Metrics { get; } = metrics;

    /// <summary>The dictionary that points are checked against: the newest one that was told.</summary>
    public required DictionarySnapshot Dictionary { get; set; }

    /// <summary>Corrections of older points are refused at a time; milliseconds since 1970-01-01T00:00:00Z.</summary>
    public required Func<long, long> CorrectionsFrom { get; init; }

    /// <summary>Takes a journaled entry over for being applied.</summary>
    public required Action<JournalEntry> Journaled { get; init; }

    /// <summary>True when points of sources have to wait.</summary>
    public required Func<bool> IsCongested { get; init; }

    /// <summary>True when contributions have to wait.</summary>
    public required Func<bool> IsBacklogged { get; init; }

    /// <summary>True while everything is refused because the journal does not become durable.</summary>
    public bool IsHeldUp => _heldUp is not null;

    /// <summary>Is told of steps; null in production.</summary>
    public Action<PumpStep>? Reached { get; init; }

    /// <summary>True once everything is refused.</summary>
    public bool IsClosed => _closed is not null;

    public Task<PointDeliveryResult> PostAsync(PointDelivery delivery)
    {
        var mail = new PointsMail(delivery, clock.GetTimestamp());
        if (Refuse(mail))
        {
            return mail.Answer.Task;
        }

        switch (_points.TryAdd(delivery.Source, mail, mail.Weight))
        {
            case FairAnswer.Taken:
                Metrics.OnMailboxChanged(mail.Weight);
                _signal.Set();
                break;
            case FairAnswer.SourceFull:
                Refuse(mail, "source", Metrics);
                break;
            default:
                Refuse(mail, "partition", Metrics);
                break;
        }

        return mail.Answer.Task;
    }

    public Task<DeliveryStatus> PostAsync(ContributionDelivery delivery)
    {
        // A sender has one delivery under way. One that comes while another waits means that the sender gave the wait up.
        if (_waitingOf.TryGetValue(delivery.Sender, out var before))
        {
            before.Withdraw();
        }

        var mail = new ContributionsMail(delivery);
        _waitingOf[delivery.Sender] = mail;
        return Post(mail, _contributions).Answer.Task;
    }

    public Task<long> OpenSourceAsync(string source, long epoch) => Post(new SourceMail(source, epoch), _others).Answer.Task;

    public Task<long> OpenSenderAsync(int sender, long epoch) => Post(new SenderMail(sender, epoch), _others).Answer.Task;

    public Task AdoptAsync(DictionarySnapshot snapshot) => Post(new DictionaryMail(snapshot), _others).Answer.Task;

    /// <summary>Puts late points into their buckets, which nobody else does meanwhile; the answers stand in their order.</summary>
    public Task<ReinjectStatus[]> ReinjectAsync(IReadOnlyList<LatePoint> points) => Post(new ReinjectMail(points), _reinjections).Answer.Task;

    public Task RequestSharesAsync(ImmutableArray<ShareRequest> requests) => Post(new SharesMail(requests), _contributions).Answer.Task;

    public Task TickAsync() => Post(new TickMail(), _others).Answer.Task;

    /// <summary>Looks again whether points may go on.</summary>
    public void Wake() => _signal.Set();

    /// <summary>Runs until the activation ends.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (_closed is null)
        {
            _round = TakeRound();
            if (_round.Count == 0)
            {
                await _signal.WaitAsync(stopping);
                continue;
            }

            Reached?.Invoke(PumpStep.Received);
            var at = journal.NextTime();
            var items = new List<JournalItem>(_round.Count);
            foreach (var mail in _round)
            {
                mail.Decide(this, at, items);
            }

            if (items.Count > 0)
            {
                Reached?.Invoke(PumpStep.Decided);
                _appendingSince = clock.GetTimestamp();
                var entry = await journal.AppendAsync(items, at, stopping);
                Reached?.Invoke(PumpStep.Journaled);
                Journaled(entry);
                (_appendingSince, _heldUp) = (null, null);
            }

            foreach (var mail in _round)
            {
                mail.Complete();
            }

            Reached?.Invoke(PumpStep.Answered);
        }
    }

    /// <summary>Lets nobody wait any longer when the append in flight takes too long; for being called now and then.</summary>
    public void RefuseIfHeldUp()
    {
        if (_heldUp is null && _appendingSince is { } since && clock.GetElapsedTime(since) >= options.MaxAppendWait)
        {
            _heldUp = new JournalHeldUpException(journal.Partition);
            RefuseWaiting(_heldUp);
        }
    }

    /// <summary>
    /// Refuses all points of sources that have waited too long, to be sent again; for being called now and then. Whoever waits must be able to
    /// tell a partition that has much to do from one that is gone.
    /// </summary>
    public void RefuseOverdue() => _points.DisplaceAll(
        first => clock.GetElapsedTime(first.Since) >= options.MaxMailboxWait, mail => Displace(mail, "waited", Metrics));

    /// <summary>Refuses everything that waits and everything that comes.</summary>
    public void Close(Exception reason)
    {
        _closed ??= reason;
        RefuseWaiting(_closed);
        _signal.Set();
    }

    private void RefuseWaiting(Exception reason)
    {
        // What is being journaled may still become durable. Sources recognise that when they send again; whoever puts a late point in would
        // put it in twice, and so must hear how it ends.
        var round = _round.Where(mail => mail is not ReinjectMail || IsClosed);
        foreach (var mail in round.Concat(_contributions).Concat(_reinjections).Concat(_others))
        {
            mail.Fail(reason);
        }

        Metrics.OnMailboxChanged(-_points.Weight);
        _points.Clear(mail => mail.Fail(reason));
        _contributions.Clear();
        _waitingOf.Clear();
        _reinjections.Clear();
        _others.Clear();
    }

    private TMail Post<TMail, TQueued>(TMail mail, Queue<TQueued> queue)
        where TMail : TQueued
        where TQueued : Mail
    {
        if (!Refuse(mail))
        {
            queue.Enqueue(mail);
            _signal.Set();
        }

        return mail;
    }

    private static void Displace(PointsMail mail, string because, PartitionMetrics metrics)
    {
        metrics.OnMailboxChanged(-mail.Weight);
        Refuse(mail, because, metrics);
    }

    private static void Refuse(PointsMail mail, string because, PartitionMetrics metrics)
    {
        metrics.OnPointsTurnedAway(because, mail.Weight);
        mail.Fail(new PartitionBusyException(mail.Weight));
    }

    private bool Refuse(Mail mail)
    {
        if ((_closed ?? _heldUp) is not { } reason)
        {
            return false;
        }

        mail.Fail(reason);
        return true;
    }

    /// <summary>Positions of corrections of points that may be forgotten.</summary>
    private List<int> FindOverdue(PointDelivery delivery, long at)
    {
        if (delivery.Corrections is not { } corrections)
        {
            return [];
        }

        var from = CorrectionsFrom(at);
        var overdue = new List<int>();
        for (var index = 0; index < corrections.Length; index++)
        {
            // An indicator that is not known is reason enough.
            if (corrections[index] && delivery.Times[index] < from && Dictionary.Find(delivery.Nodes[index].Code) is not null)
            {
                overdue.Add(index);
            }
        }

        return overdue;
    }

    private ContributionsItem ToItem(ContributionDelivery delivery)
    {
        var distinct = new NodeSlot[delivery.Nodes.Length];
        for (var index = 0; index < distinct.Length; index++)
        {
            distinct[index] = Nodes.TryFind(delivery.Nodes[index], out var slot) ? slot : Nodes.Add(delivery.Nodes[index]);
        }

        var slots = new NodeSlot[delivery.NodeIndexes.Length];
        for (var index = 0; index < slots.Length; index++)
        {
            slots[index] = distinct[delivery.NodeIndexes[index]];
        }

        return new ContributionsItem(delivery.Sender, delivery.Epoch, delivery.Entry, delivery.OldestAcceptedAt, slots, delivery.Deltas)
        {
            ShareSlots = delivery.Shares.Length == 0 ? [] : [.. delivery.ShareNodeIndexes.Select(index => distinct[index])],
            Shares = delivery.Shares,
            OldestByDepth = delivery.OldestByDepth,
        };
    }
}
