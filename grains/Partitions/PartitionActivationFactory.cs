using Monitoring.Dictionary;

namespace Monitoring.Partitions;

/// <summary>A partition as its storage tells it: the last checkpoint, and the journal behind it.</summary>
/// <param name="Image">What was read.</param>
/// <param name="Header">The partition's own record.</param>
/// <param name="Nodes">All nodes, those of the journal included.</param>
/// <param name="Applied">What was received of senders as of the checkpoint.</param>
/// <param name="Received">What was received of senders as of the end of the journal.</param>
/// <param name="Tail">Entries to replay.</param>
/// <param name="StoredDictionary">The dictionary in force at the checkpoint.</param>
/// <param name="LatestDictionary">The dictionary in force at the end of the journal.</param>
internal sealed record RecoveredPartition(
    PartitionImage Image, PartitionHeader Header, NodeTable Nodes, SenderTable Applied, SenderTable Received,
    IReadOnlyList<JournalEntry> Tail, DictionarySnapshot StoredDictionary, DictionarySnapshot LatestDictionary)
{
    public long NextSequence => (Tail.Count > 0 ? Tail[^1].Sequence : Image.Entry) + 1;

    public long LastAt => Tail.Count > 0 ? Tail[^1].At : Header.At;
}

/// <summary>Loads partitions.</summary>
internal sealed class PartitionActivationFactory(PartitionServices services)
{
    /// <summary>Loads a partition and claims it.</summary>
    /// <exception cref="PartitionTakenOverException">Another activation claimed it meanwhile; try again.</exception>
    public async Task<PartitionActivation> LoadAsync(
        int partition, Action<Exception> failed, CancellationToken stopping, CancellationToken cancellationToken)
    {
        var recovered = await RecoverAsync(partition, cancellationToken);
        var activation = new PartitionActivation(partition, recovered, services, failed, stopping);
        await activation.ClaimAsync(cancellationToken);
        return activation;
    }

    private async Task<RecoveredPartition> RecoverAsync(int partition, CancellationToken cancellationToken)
    {
        var image = await services.Store.LoadAsync(partition, cancellationToken);
        var header = image.Header is null ? new PartitionHeader() : services.Headers.Deserialize(image.Header)!;
        var nodes = new NodeTable(services.Options.MaxNodes);
        foreach (var stored in image.Nodes)
        {
            var slot = nodes.Add(stored.Key);
            (slot.LastEntry, slot.StoredClock, slot.Deadline) = (stored.LastEntry, stored.Clock, stored.Deadline);
            slot.Exists = stored.LastEntry > 0;
        }

        var applied = new SenderTable(services.Options.RefusalsKept);
        var received = new SenderTable(services.Options.RefusalsKept);
        applied.Restore(header);
        received.Restore(header);
        var tail = new List<JournalEntry>(image.Journal.Count);
        var version = header.DictionaryVersion;
        foreach (var stored in image.Journal)
        {
            var entry = JournalCodec.Decode(stored, nodes);
            tail.Add(entry);
            foreach (var item in entry.Items)
            {
                received.Replay(item);
                version = item is DictionaryItem dictionary ? dictionary.Version : version;
            }
        }

        return new RecoveredPartition(
            image, header, nodes, applied, received, tail,
            await services.Dictionaries.GetAsync(header.DictionaryVersion, cancellationToken),
            await services.Dictionaries.GetAsync(version, cancellationToken));
    }
}
