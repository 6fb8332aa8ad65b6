using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Monitoring.Dictionary;
using Monitoring.LatePoints;

namespace Monitoring.Partitions;

internal sealed partial class PartitionMailbox
{
    /// <summary>Something that waits, and how its sender gets an answer.</summary>
    private abstract class Mail
    {
        public virtual int Weight => 1;

        /// <summary>Adds what must be journaled at a time, if anything.</summary>
        public abstract void Decide(PartitionMailbox mailbox, long at, List<JournalItem> items);

        public abstract void Complete();

        public abstract void Fail(Exception reason);
    }

    private abstract class Mail<TAnswer> : Mail
    {
        public TaskCompletionSource<TAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected TAnswer Decided { get; set; } = default!;

        public override void Complete() => Answer.TrySetResult(Decided);

        public override void Fail(Exception reason) => Answer.TrySetException(reason);
    }

    private sealed class PointsMail(PointDelivery delivery, long since) : Mail<PointDeliveryResult>
    {
        /// <summary>Timestamp since which it waits.</summary>
        public long Since => since;

        public override int Weight => Math.Max(1, delivery.Nodes.Length);

        public override void Decide(PartitionMailbox mailbox, long at, List<JournalItem> items)
        {
            switch (mailbox.Senders.Receive(delivery))
            {
                case DeliveryStatus.Accepted:
                    var overdue = mailbox.FindOverdue(delivery, at);
                    var decision = DeliveryDecision.Of(delivery, at, overdue, mailbox.Dictionary, mailbox.Nodes);
                    items.Add(decision.Points);
                    if (decision.Late is { } late)
                    {
                        items.Add(late);
                        mailbox.Metrics.OnLate(late.Slots.Length);
                    }

                    if (decision.Refused is { } refused)
                    {
                        items.Add(refused);
                        mailbox.Senders.Refusals.Note(refused);
                    }

                    Decided = ToResult(DeliveryStatus.Accepted, decision.Refused) with { Late = decision.Late?.Slots.Length ?? 0 };
                    break;
                case DeliveryStatus.Duplicate:
                    // The answer that named them may have been lost.
                    Decided = ToResult(DeliveryStatus.Duplicate, mailbox.Senders.Refusals.Find(delivery.Source, delivery.Sequence));
                    break;
                case var status:
                    Decided = ToResult(status, refused: null);
                    break;
            }
        }

        private static PointDeliveryResult ToResult(DeliveryStatus status, RefusedItem? refused) => new()
        {
            Status = status,
            UnknownIndicators = ImmutableCollectionsMarshal.AsImmutableArray(refused?.Unknown ?? []),
            OverdueCorrections = ImmutableCollectionsMarshal.AsImmutableArray(refused?.Overdue ?? []),
            ExcessNodes = ImmutableCollectionsMarshal.AsImmutableArray(refused?.Excess ?? []),
        };
    }

    private sealed class ContributionsMail(ContributionDelivery delivery) : Mail<DeliveryStatus>
    {
        private ContributionDelivery? _delivery = delivery;

        public override int Weight => _delivery is null ? 0 : _delivery.Deltas.Length + _delivery.Shares.Length;

        /// <summary>Lets go what it holds; its sender says the same again.</summary>
        public void Withdraw()
        {
            _delivery = null;
            Fail(new TryAgainException("The same sender sent again."));
        }

        public override void Decide(PartitionMailbox mailbox, long at, List<JournalItem> items)
        {
            if (_delivery is null)
            {
                return;
            }

            mailbox._waitingOf.Remove(_delivery.Sender);
            Decided = mailbox.Senders.Receive(_delivery);
            if (Decided == DeliveryStatus.Accepted)
            {
                items.Add(mailbox.ToItem(_delivery));
            }
        }
    }

    private sealed class SharesMail(ImmutableArray<ShareRequest> requests) : Mail<bool>
    {
        public override int Weight => requests.Length;

        public override void Decide(PartitionMailbox mailbox, long at, List<JournalItem> items) => items.Add(new SharesRequestedItem([.. requests]));
    }

    private sealed class SourceMail(string source, long epoch) : Mail<long>
    {
        public override void Decide(PartitionMailbox mailbox, long at, List<JournalItem> items) => Decided = mailbox.Senders.Open(source, epoch);
    }

    private sealed class SenderMail(int sender, long epoch) : Mail<long>
    {
        public override void Decide(PartitionMailbox mailbox, long at, List<JournalItem> items)
        {
            Decided = mailbox.Senders.OfPartition(sender).Position;
            if (mailbox.Senders.Open(sender, epoch) is { } opened)
            {
                items.Add(opened);
            }
        }
    }

    private sealed class DictionaryMail(DictionarySnapshot snapshot) : Mail<bool>
    {
        public override void Decide(PartitionMailbox mailbox, long at, List<JournalItem> items)
        {
            if (snapshot.Version > mailbox.Dictionary.Version)
            {
                mailbox.Dictionary = snapshot;
                items.Add(new DictionaryItem(snapshot.Version));
            }
        }
    }

    private sealed class ReinjectMail(IReadOnlyList<LatePoint> points) : Mail<ReinjectStatus[]>
    {
        public override int Weight => points.Count;

        public override void Decide(PartitionMailbox mailbox, long at, List<JournalItem> items)
        {
            Decided = [.. points.Select(point =>
                mailbox.Dictionary.Find(point.Key.Code) is null ? ReinjectStatus.NotMeasured : ReinjectStatus.Reinjected)];
            var taken = points.Where((_, index) => Decided[index] == ReinjectStatus.Reinjected).ToList();
            if (taken.Count > 0)
            {
                items.Add(new ReinjectedItem(
                    [.. taken.Select(point => point.Id)],
                    [.. taken.Select(point => mailbox.Nodes.TryFind(point.Key, out var slot) ? slot : mailbox.Nodes.Add(point.Key))],
                    [.. taken.Select(point => point.Time)],
                    [.. taken.Select(point => point.Value)]));
            }
        }
    }

    private sealed class TickMail : Mail<bool>
    {
        public override void Decide(PartitionMailbox mailbox, long at, List<JournalItem> items) => items.Add(new TickItem());
    }
}
