using System.Collections.Immutable;
using Monitoring.Alerting;
using Monitoring.Departments;
using Monitoring.Indicators;

namespace Monitoring.Partitions;

/// <summary>
/// Sends what follows from applied entries: contributions to the partitions of parents, transitions to departments. At least once;
/// receivers drop what they have. One delivery at a time to each receiver, so what waits merges under load.
/// </summary>
internal sealed class PartitionExchange(
    int partition, long epoch, IGrainFactory grains, PartitionMap map, PartitionOptions options, TimeProvider clock)
{
    private const int MaxTransitionsPerDelivery = 1_000;
    private readonly Dictionary<int, Outbox> _outboxes = [];
    private readonly Dictionary<int, IPartitionGrain> _receivers = []; // Looking a grain up costs as much as a call.
    private readonly Dictionary<NodeKey, ParentSlot> _parents = [];
    private readonly Dictionary<string, Noticebox> _noticeboxes = new(StringComparer.Ordinal);

    /// <summary>The last entry whose consequences are all here.</summary>
    public long AppliedThrough { get; set; }

    /// <summary>Version of the dictionary in force.</summary>
    public long DictionaryVersion { get; set; }

    /// <summary>Is told of a failure after which this activation cannot go on.</summary>
    public required Action<Exception> Failed { get; init; }

    /// <summary>Is told whenever something left.</summary>
    public required Action Progressed { get; init; }

    /// <summary>Is told of steps; null in production.</summary>
    public Action<PumpStep>? Reached { get; init; }

    /// <summary>Contributions and transitions that wait.</summary>
    public int Weight
    {
        get
        {
            var weight = 0;
            foreach (var outbox in _outboxes.Values)
            {
                weight += outbox.Weight;
            }

            foreach (var box in _noticeboxes.Values)
            {
                weight += box.Weight;
            }

            return weight;
        }
    }

    /// <summary>True when everything has arrived.</summary>
    public bool IsEmpty => _outboxes.Values.All(outbox => outbox.IsEmpty) && _noticeboxes.Values.All(box => box.Weight == 0);

    /// <summary>Where a node's contributions go; null for a root.</summary>
    public ParentSlot? ParentOf(NodeSlot slot) => slot.Parent ??= slot.Key.Parent() is { } key ? ParentSlotOf(key) : null;

    /// <summary>Who was told of open alerts.</summary>
    public AlertAudience Audience { get; } = new();

    /// <summary>Adds a transition for the departments that subscribe to it now or were told of its alert before.</summary>
    public void Notify(AlertTransition transition, ImmutableArray<string> subscribers)
    {
        foreach (var department in Audience.Of(transition, subscribers))
        {
            NoticeboxOf(department).Add(transition);
        }
    }

    /// <summary>Learns what a receiver has, before anything is merged for it; tries until it answers.</summary>
    public async Task OpenAsync(Outbox outbox, CancellationToken stopping)
    {
        for (var backoff = new Backoff(clock, options); !outbox.IsOpen;)
        {
            try
            {
                outbox.Open(await ReceiverOf(outbox).OpenSenderAsync(partition, epoch, stopping));
            }
            catch (Exception) when (!stopping.IsCancellationRequested)
            {
                // The receiver is not to be reached now; it is asked again.
                await backoff.PauseAsync(stopping);
                continue;
            }

            Reached?.Invoke(PumpStep.Opened);
        }
    }

    /// <summary>Opens every outbox that was restored with content.</summary>
    public Task OpenRestoredAsync(CancellationToken stopping) =>
        Task.WhenAll(_outboxes.Values.Where(outbox => !outbox.IsEmpty).Select(outbox => OpenAsync(outbox, stopping)));

    /// <summary>Starts to send what waits and is not being sent yet.</summary>
    public void Send(CancellationToken stopping)
    {
        // Somebody waits for an alert: it goes first.
        foreach (var box in _noticeboxes.Values)
        {
            if (!box.IsSending && box.Weight > 0)
            {
                box.IsSending = true;
                _ = GuardAsync(SendAsync(box, stopping), stopping);
            }
        }

        foreach (var outbox in _outboxes.Values)
        {
            if (!outbox.IsSending && !outbox.IsEmpty)
            {
                outbox.IsSending = true;
                _ = GuardAsync(SendAsync(outbox, stopping), stopping);
            }
        }
    }

    /// <summary>What must be stored of the exchange.</summary>
    public (StoredOutbox[] Outboxes, StoredNoticebox[] Notices) Store() => (
        [.. _outboxes.Values.Select(outbox => outbox.Store()).OfType<StoredOutbox>().OrderBy(outbox => outbox.Receiver)],
        [.. _noticeboxes.Values.Select(box => box.Store()).OrderBy(box => box.Department, StringComparer.Ordinal)]);

    /// <summary>Takes over what was stored.</summary>
    public void Restore(PartitionHeader header, long checkpointEntry)
    {
        foreach (var stored in header.Outboxes)
        {
            OutboxOf(stored.Receiver).Restore(stored, checkpointEntry, ParentSlotOf);
        }

        Audience.Restore(header.Audiences);
        foreach (var stored in header.Notices)
        {
            NoticeboxOf(stored.Department).Restore(stored);
        }
    }

    private async Task SendAsync(Outbox outbox, CancellationToken stopping)
    {
        await OpenAsync(outbox, stopping);
        var receiver = ReceiverOf(outbox);
        var backoff = new Backoff(clock, options);
        while (outbox.Next(partition, epoch, DictionaryVersion, AppliedThrough) is { } delivery)
        {
            Reached?.Invoke(PumpStep.Sending);
            try
            {
                var status = await receiver.DeliverContributionsAsync(delivery, stopping);
                if (status is DeliveryStatus.Gap or DeliveryStatus.StaleEpoch)
                {
                    throw new PartitionTakenOverException(partition, delivery.Entry);
                }
            }
            catch (Exception exception) when (exception is not PartitionTakenOverException && !stopping.IsCancellationRequested)
            {
                // Whether it arrived or not, the same delivery again does no harm.
                await backoff.PauseAsync(stopping);
                continue;
            }

            Reached?.Invoke(PumpStep.Sent);
            backoff = new Backoff(clock, options);
            outbox.Acknowledge();
            Reached?.Invoke(PumpStep.Acknowledged);
            Progressed();
        }

        outbox.IsSending = false;
    }

    private async Task SendAsync(Noticebox box, CancellationToken stopping)
    {
        var department = grains.GetGrain<IDepartmentGrain>(box.Department);
        var backoff = new Backoff(clock, options);
        while (box.Next(partition, MaxTransitionsPerDelivery) is { } delivery)
        {
            Reached?.Invoke(PumpStep.Notifying);
            try
            {
                var status = await department.AppendAsync(delivery, stopping);
                if (status is DeliveryStatus.Gap or DeliveryStatus.StaleEpoch)
                {
                    throw new PartitionTakenOverException(partition, delivery.AfterNumber);
                }
            }
            catch (Exception exception) when (exception is not PartitionTakenOverException && !stopping.IsCancellationRequested)
            {
                await backoff.PauseAsync(stopping);
                continue;
            }

            Reached?.Invoke(PumpStep.Notified);
            backoff = new Backoff(clock, options);
            box.Acknowledge(delivery);
            Progressed();
        }

        box.IsSending = false;
    }

    private IPartitionGrain ReceiverOf(Outbox outbox)
    {
        if (!_receivers.TryGetValue(outbox.Receiver, out var receiver))
        {
            _receivers.Add(outbox.Receiver, receiver = grains.GetGrain<IPartitionGrain>(outbox.Receiver));
        }

        return receiver;
    }

    private async Task GuardAsync(Task sending, CancellationToken stopping)
    {
        try
        {
            await sending;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The activation ends; what was not sent is stored or comes from the journal again.
        }
        catch (Exception exception)
        {
            Failed(exception);
        }
    }

    /// <summary>Where shares for a node go.</summary>
    public ParentSlot ParentSlotOf(NodeKey key)
    {
        if (!_parents.TryGetValue(key, out var parent))
        {
            _parents.Add(key, parent = new ParentSlot(key, OutboxOf(map.PartitionOf(key))));
        }

        return parent;
    }

    private Outbox OutboxOf(int receiver)
    {
        if (!_outboxes.TryGetValue(receiver, out var outbox))
        {
            _outboxes.Add(receiver, outbox = new Outbox(receiver));
        }

        return outbox;
    }

    private Noticebox NoticeboxOf(string department)
    {
        if (!_noticeboxes.TryGetValue(department, out var box))
        {
            _noticeboxes.Add(department, box = new Noticebox(department));
        }

        return box;
    }
}
