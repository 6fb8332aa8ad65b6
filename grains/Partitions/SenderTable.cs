namespace Monitoring.Partitions;

/// <summary>
/// What a partition has of each of its senders: the way it tells a duplicate from a gap. Bounded by the number of sources and
/// partitions.
/// </summary>
/// <param name="refusalsKept">Most refused points kept of one source.</param>
internal sealed class SenderTable(int refusalsKept = PartitionOptions.DefaultRefusalsKept)
{
    private readonly Dictionary<string, SenderMark> _sources = new(StringComparer.Ordinal);
    private readonly Dictionary<int, SenderMark> _partitions = [];

    public IReadOnlyDictionary<string, SenderMark> Sources => _sources;

    public IReadOnlyDictionary<int, SenderMark> Partitions => _partitions;

    /// <summary>What was refused of the sources' last batches.</summary>
    public RefusalBook Refusals { get; } = new(refusalsKept);

    /// <summary>Takes over what was stored.</summary>
    public void Restore(PartitionHeader header)
    {
        foreach (var (source, mark) in header.Sources)
        {
            _sources[source] = mark;
        }

        foreach (var (partition, mark) in header.Senders)
        {
            _partitions[partition] = mark;
        }

        Refusals.Restore(header.Refusals);
    }

    /// <summary>Whether a delivery is new; if so, it counts as received from now on.</summary>
    public DeliveryStatus Receive(PointDelivery delivery)
    {
        var mark = _sources.GetValueOrDefault(delivery.Source);
        if (delivery.Epoch < mark.Epoch)
        {
            return DeliveryStatus.StaleEpoch;
        }

        if (delivery.Sequence <= mark.Position)
        {
            _sources[delivery.Source] = mark with { Epoch = delivery.Epoch };
            return DeliveryStatus.Duplicate;
        }

        if (delivery.PreviousSequence > mark.Position)
        {
            return DeliveryStatus.Gap;
        }

        _sources[delivery.Source] = new SenderMark { Epoch = delivery.Epoch, Position = delivery.Sequence };
        return DeliveryStatus.Accepted;
    }

    /// <summary>
    /// Opens a stream of a source; returns what was received of it. Not journaled: what an older stream still has in flight when this
    /// partition restarts is at worst taken, as if it had come a little earlier.
    /// </summary>
    public long Open(string source, long epoch)
    {
        if (!_sources.TryGetValue(source, out var mark))
        {
            return 0; // Whoever only says Hello leaves nothing here.
        }

        _sources[source] = mark with { Epoch = Math.Max(mark.Epoch, epoch) };
        return mark.Position;
    }

    /// <summary>Whether a delivery is new; if so, it counts as received from now on.</summary>
    public DeliveryStatus Receive(ContributionDelivery delivery)
    {
        var mark = _partitions.GetValueOrDefault(delivery.Sender);
        if (delivery.Epoch != mark.Epoch)
        {
            return DeliveryStatus.StaleEpoch;
        }

        if (delivery.Entry <= mark.Position)
        {
            return DeliveryStatus.Duplicate;
        }

        // A range that begins behind the mark lacks something; one that begins before it was merged without asking for the mark.
        if (delivery.AfterEntry != mark.Position)
        {
            return DeliveryStatus.Gap;
        }

        _partitions[delivery.Sender] = new SenderMark { Epoch = delivery.Epoch, Position = delivery.Entry };
        return DeliveryStatus.Accepted;
    }

    /// <summary>Opens an epoch of a partition; null when that or a newer one is open already, so that nothing need be journaled.</summary>
    public SenderItem? Open(int sender, long epoch)
    {
        var mark = _partitions.GetValueOrDefault(sender);
        if (epoch <= mark.Epoch)
        {
            return null;
        }

        _partitions[sender] = mark with { Epoch = epoch };
        return new SenderItem(sender, epoch);
    }

    /// <summary>Repeats what a journal item says was received.</summary>
    public void Replay(JournalItem item)
    {
        switch (item)
        {
            case PointsItem points:
                _sources[points.Source] = new SenderMark { Epoch = points.Epoch, Position = points.Sequence };
                break;
            case ContributionsItem contributions:
                _partitions[contributions.Sender] = new SenderMark { Epoch = contributions.Epoch, Position = contributions.Entry };
                break;
            case RefusedItem refused:
                Refusals.Note(refused);
                break;
            case SenderItem sender:
                _ = Open(sender.Sender, sender.Epoch);
                break;
        }
    }

    /// <summary>What the table has of a partition.</summary>
    public SenderMark OfPartition(int sender) => _partitions.GetValueOrDefault(sender);
}
