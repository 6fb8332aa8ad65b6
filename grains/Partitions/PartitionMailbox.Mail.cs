using System.Collections.Immutable;
using Monitoring.Dictionary;

namespace Monitoring.Partitions;

internal sealed partial class PartitionMailbox
{
    /// <summary>Something that waits, and how its sender gets an answer.</summary>
    private abstract class Mail
    {
        public virtual int Weight => 1;

        /// <summary>What must be journaled; null for nothing.</summary>
        public abstract JournalItem? Decide(PartitionMailbox mailbox);

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

    private sealed class PointsMail(PointDelivery delivery) : Mail<PointDeliveryResult>
    {
        public override int Weight => delivery.Nodes.Length;

        public override JournalItem? Decide(PartitionMailbox mailbox)
        {
            var status = mailbox.Senders.Receive(delivery);
            var unknown = ImmutableArray<int>.Empty;
            var item = status == DeliveryStatus.Accepted ? mailbox.ToItem(delivery, out unknown) : null;
            if (status == DeliveryStatus.Duplicate)
            {
                // The answer that named them may have been lost.
                unknown = mailbox.FindUnknown(delivery);
            }

            Decided = new PointDeliveryResult { Status = status, UnknownIndicators = unknown };
            return item;
        }
    }

    private sealed class ContributionsMail(ContributionDelivery delivery) : Mail<DeliveryStatus>
    {
        public override int Weight => delivery.Deltas.Length;

        public override JournalItem? Decide(PartitionMailbox mailbox)
        {
            Decided = mailbox.Senders.Receive(delivery);
            return Decided == DeliveryStatus.Accepted ? mailbox.ToItem(delivery) : null;
        }
    }

    private sealed class SourceMail(string source, long epoch) : Mail<long>
    {
        public override JournalItem? Decide(PartitionMailbox mailbox)
        {
            Decided = mailbox.Senders.Open(source, epoch);
            return null;
        }
    }

    private sealed class SenderMail(int sender, long epoch) : Mail<long>
    {
        public override JournalItem? Decide(PartitionMailbox mailbox)
        {
            Decided = mailbox.Senders.OfPartition(sender).Position;
            return mailbox.Senders.Open(sender, epoch);
        }
    }

    private sealed class DictionaryMail(DictionarySnapshot snapshot) : Mail<bool>
    {
        public override JournalItem? Decide(PartitionMailbox mailbox)
        {
            if (snapshot.Version <= mailbox.Dictionary.Version)
            {
                return null;
            }

            mailbox.Dictionary = snapshot;
            return new DictionaryItem(snapshot.Version);
        }
    }

    private sealed class TickMail : Mail<bool>
    {
        public override JournalItem Decide(PartitionMailbox mailbox) => new TickItem();
    }
}
