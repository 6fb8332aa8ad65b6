namespace Monitoring.Partitions;

/// <summary>Appends to one partition's journal in the name of one activation.</summary>
internal sealed class PartitionJournal(
    int partition, long claimedAs, long lastAt, NodeTable nodes, IPartitionStore store, PartitionOptions options, TimeProvider clock, PartitionMetrics metrics,
    PartitionHealth health)
{
    private readonly PackedWriter _writer = new();
    private int _writtenNodes = nodes.Count;
    private long _lastAt = lastAt;

    /// <summary>Number of the partition.</summary>
    public int Partition => partition;

    /// <summary>Number of the activation; its claim is the journal entry of this sequence.</summary>
    public long Epoch { get; } = claimedAs;

    /// <summary>The last entry that is durable.</summary>
    public long LastSequence { get; private set; } = claimedAs - 1;

    /// <summary>Claims the partition: from now on no other activation can write.</summary>
    /// <exception cref="PartitionTakenOverException">Another activation claimed it meanwhile.</exception>
    public async Task<JournalEntry> ClaimAsync(long checkpointEntry, CancellationToken cancellationToken)
    {
        var entry = Pack([new ClaimedItem()], NextTime());
        await store.ClaimAsync(partition, Epoch, checkpointEntry, _writer.Written, cancellationToken);
        LastSequence = entry.Sequence;
        return entry;
    }

    /// <summary>Time of the entry that is appended next, milliseconds since 1970-01-01T00:00:00Z: never goes back, though the wall clock may.</summary>
    public long NextTime() => _lastAt = Math.Max(_lastAt, clock.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>Appends an entry of a time that <see cref="NextTime"/> gave; tries again for as long as the storage fails.</summary>
    /// <exception cref="PartitionTakenOverException">Another activation claimed the partition.</exception>
    public async Task<JournalEntry> AppendAsync(IReadOnlyList<JournalItem> items, long at, CancellationToken cancellationToken)
    {
        var entry = Pack(items, at);
        var started = clock.GetTimestamp();
        var hasFailed = false;
        for (var backoff = new Backoff(clock, options); ;)
        {
            try
            {
                await store.AppendAsync(partition, Epoch, entry.Sequence, _writer.Written, cancellationToken);
                break;
            }
            catch (Exception exception) when (exception is not (PartitionTakenOverException or OperationCanceledException))
            {
                // The database is away or full. Nothing is acknowledged meanwhile, so senders wait; nothing is lost.
                metrics.OnAppendFailed();
                health.OnFailed(partition, PartitionDuty.Journal, exception);
                hasFailed = true;
                await backoff.PauseAsync(cancellationToken);
            }
        }

        if (hasFailed)
        {
            health.OnWorked(partition, PartitionDuty.Journal);
        }

        LastSequence = entry.Sequence;
        metrics.OnAppended(clock.GetElapsedTime(started), entry.Size);
        return entry;
    }

    private JournalEntry Pack(IReadOnlyList<JournalItem> items, long at)
    {
        var entry = new JournalEntry(LastSequence + 1, at, items);
        JournalCodec.Encode(entry, _writtenNodes, nodes, _writer);
        (entry.Size, entry.NodeCount) = (_writer.Written.Length, nodes.Count);
        _writtenNodes = nodes.Count;
        return entry;
    }
}
