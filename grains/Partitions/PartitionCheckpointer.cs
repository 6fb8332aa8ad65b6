using System.Collections.Immutable;
using Monitoring.Dictionary;
using Monitoring.History;
using Monitoring.LatePoints;
using Monitoring.RawPoints;
using Orleans.Serialization;

namespace Monitoring.Partitions;

/// <summary>
/// Stores what changed since the last checkpoint in one transaction, and lets the journal behind it go. State is collected between two
/// entries; while it is written, the partition goes on.
/// </summary>
internal sealed class PartitionCheckpointer(
    int partition, long epoch, NodeTable nodes, SenderTable applied, PartitionDictionary dictionary, NodeCaller caller, PartitionExchange exchange,
    ShareRequests requests, CorrectionBook corrections, IPartitionStore store, Serializer<PartitionHeader> headers, PartitionOptions options,
    RawPointOptions rawPoints, TimeProvider clock, PartitionMetrics metrics, PartitionHealth health)
{
    /// <summary>Multiples of it lie evenly between whole numbers, however many there are.</summary>
    private const double GoldenRatio = 0.6180339887498949;

    private long _lastTaken = clock.GetTimestamp();
    private double _share = FirstShare(partition);
    private long _coveredThrough;
    private long _coveredAt;
    private int _storedNodes;

    // Checkpoints taken or written so far.
    private int _generation;

    /// <summary>Is told of a failure after which this activation cannot go on.</summary>
    public required Action<Exception> Failed { get; init; }

    /// <summary>Is told of steps; null in production.</summary>
    public Action<PumpStep>? Reached { get; init; }

    /// <summary>Late points that are stored with the next checkpoint.</summary>
    public required LateBook Late { get; init; }

    /// <summary>Is told the time of the last entry that is stored, whenever a checkpoint is.</summary>
    public required Action<long> Stored { get; init; }

    /// <summary>What is stored already.</summary>
    public void Restore(PartitionImage image, PartitionHeader header) =>
        (_coveredThrough, _coveredAt, _storedNodes, RawFrom) = (image.Entry, header.At, image.Nodes.Count, header.RawFrom);

    /// <summary>Raw points that are older may be gone, event time in milliseconds since 1970-01-01T00:00:00Z; never goes back.</summary>
    public long RawFrom { get; private set; }

    /// <summary>
    /// Reads what is stored together with what is in memory, both on the same side of each checkpoint, which moves it from one to the other:
    /// reads again when one came between.
    /// </summary>
    public async Task<T> ReadConsistentlyAsync<T>(Func<Task<T>> read, CancellationToken cancellationToken)
    {
        while (true)
        {
            await caller.CheckpointWrite.WaitAsync(cancellationToken);
            var generation = _generation;
            var answer = await read();
            if (generation == _generation && caller.CheckpointWrite.IsCompleted)
            {
                return answer;
            }
        }
    }

    /// <summary>Takes a checkpoint if one is due and none is being written.</summary>
    public async Task RestAsync(PartitionApplier applier, CancellationToken stopping)
    {
        var isDue = applier.BytesSinceCheckpoint >= options.CheckpointJournalBytes * _share
            || clock.GetElapsedTime(_lastTaken) >= options.CheckpointInterval * _share
            || IsReplayBehind(applier);
        if (isDue && applier.AppliedThrough > _coveredThrough && caller.CheckpointWrite.IsCompleted)
        {
            await TakeAsync(applier, stopping);
        }
    }

    /// <summary>
    /// The first checkpoint comes early, after a share of its time that is each partition's own; those behind it stay apart. Partitions that
    /// start together and fill their journals alike would otherwise all write at once, and everybody's appends would wait for that.
    /// </summary>
    private static double FirstShare(int partition) => 1 - (partition * GoldenRatio % 1);

    /// <summary>
    /// A replay stores what it has reached as often as it was first applied: where crashes follow one another more quickly than a replay
    /// takes, each life gets further than the one before.
    /// </summary>
    private bool IsReplayBehind(PartitionApplier applier)
    {
        if (applier.Replayed.IsCompleted)
        {
            return false;
        }

        if (_coveredAt == 0)
        {
            _coveredAt = applier.AppliedAt;
        }

        return applier.AppliedAt - _coveredAt >= (long)options.CheckpointInterval.TotalMilliseconds;
    }

    /// <summary>
    /// Takes a checkpoint of everything applied, and waits until it is durable. A write that is under way goes on when the wait is given up.
    /// </summary>
    public async Task FlushAsync(PartitionApplier applier, CancellationToken cancellationToken)
    {
        await caller.CheckpointWrite.WaitAsync(cancellationToken);
        if (applier.AppliedThrough > _coveredThrough)
        {
            await TakeAsync(applier, cancellationToken);
            await caller.CheckpointWrite.WaitAsync(cancellationToken);
        }
    }

    private async Task TakeAsync(PartitionApplier applier, CancellationToken stopping)
    {
        (_lastTaken, _share) = (clock.GetTimestamp(), 1);
        (_coveredThrough, _coveredAt) = (applier.AppliedThrough, applier.AppliedAt);
        applier.BytesSinceCheckpoint = 0;

        // From the first node that gives its changes away until they are durable, what is stored and what is in memory do not fit together.
        var collected = new TaskCompletionSource<PartitionCheckpoint>();
        caller.CheckpointWrite = WriteAsync(collected.Task, applier.AppliedAt, stopping);
        _generation++;
        try
        {
            RawFrom = Math.Max(RawFrom, applier.AppliedAt - (long)rawPoints.RawRetention.TotalMilliseconds);
            var header = headers.SerializeToArray(ToHeader(applier));
            var (entry, late, made) = (applier.AppliedThrough, Late.Take(applier.AppliedThrough), corrections.Take());
            collected.SetResult(new PartitionCheckpoint(partition, epoch, entry, header, await CollectAsync(applier))
            {
                Late = late,
                Corrections = made,
                Trim = ToTrim(applier.AppliedAt),
            });
        }
        catch (Exception exception)
        {
            collected.SetException(exception);
            throw;
        }
    }

    /// <summary>A bucket is restated from all its points, so they stay for longer than the widest bucket after corrections are refused.</summary>
    private HistoryTrim ToTrim(long at) => new(
        RawFrom - (long)TimeSpan.FromDays(2).TotalMilliseconds,
        at - (long)rawPoints.CorrectionRetention.TotalMilliseconds,
        rawPoints.MaxTrimmedRows);

    private PartitionHeader ToHeader(PartitionApplier applier)
    {
        var (outboxes, notices) = exchange.Store();
        return new PartitionHeader
        {
            At = applier.AppliedAt,
            DictionaryVersion = dictionary.Current.Version,
            Sources = applied.Sources.ToImmutableDictionary(),
            Senders = applied.Partitions.ToImmutableDictionary(),
            Refusals = applied.Refusals.Store(),
            Outboxes = [.. outboxes],
            Notices = [.. notices],
            Audiences = exchange.Audience.Store(),
            Retired = [.. dictionary.Retired],
            Collections = requests.Store(),
            RawFrom = RawFrom,
        };
    }

    private async Task<List<CheckpointedNode>> CollectAsync(PartitionApplier applier)
    {
        // Numbers of nodes are given by the journal, which is about to go: every node is stored whose entry is covered, changed or not. One
        // that waits to be journaled is not: if that never happens, the journal gives its number to another node.
        var known = applier.NodeCount;
        var concerned = nodes.All.Take(known).Where(slot => slot.IsDirty || slot.Number >= _storedNodes).ToList();
        var changed = new List<CheckpointedNode>(concerned.Count);
        foreach (var chunk in concerned.Chunk(options.MaxNodeCalls))
        {
            changed.AddRange(await Task.WhenAll(chunk.Select(slot => TakeAsync(slot, dictionary.Define(slot.Key.Code)))));
            Reached?.Invoke(PumpStep.Collecting);
        }

        _storedNodes = known;
        return changed;
    }

    private async Task<CheckpointedNode> TakeAsync(NodeSlot slot, IndicatorDefinition? definition)
    {
        if (!slot.IsDirty || definition is null)
        {
            return new CheckpointedNode(new StoredNode(slot.Number, slot.Key, 0, slot.StoredClock, long.MaxValue), null, []);
        }

        var checkpoint = await caller.TakeCheckpointAsync(slot, definition);
        slot.IsDirty = false;
        slot.StoredClock = checkpoint.Clock;
        var node = new StoredNode(slot.Number, slot.Key, slot.LastEntry, checkpoint.Clock, slot.Deadline);
        return new CheckpointedNode(node, checkpoint.State, checkpoint.Buckets)
        {
            Ladder = BucketLadder.Of(definition),
            Chunks = checkpoint.Chunks,
        };
    }

    private async Task WriteAsync(Task<PartitionCheckpoint> collecting, long at, CancellationToken stopping)
    {
        var checkpoint = await collecting;
        var started = clock.GetTimestamp();
        for (var backoff = new Backoff(clock, options); ;)
        {
            try
            {
                Reached?.Invoke(PumpStep.Collected);
                await store.WriteCheckpointAsync(checkpoint, stopping);
                Reached?.Invoke(PumpStep.Stored);
                break;
            }
            catch (Exception exception) when (exception is PartitionTakenOverException)
            {
                Failed(exception);
                throw;
            }
            catch (Exception) when (stopping.IsCancellationRequested)
            {
                throw; // The activation ends, and the journal has it all.
            }
            catch (Exception exception)
            {
                metrics.OnCheckpointFailed();
                health.OnFailed(partition, PartitionDuty.Checkpoint, exception);
                await backoff.PauseAsync(stopping);
            }
        }

        _generation++;
        health.OnWorked(partition, PartitionDuty.Checkpoint);
        Late.OnStored(checkpoint.Entry);
        Stored(at);
        metrics.OnCheckpoint(clock.GetElapsedTime(started));
        foreach (var node in checkpoint.Nodes)
        {
            foreach (ref readonly var chunk in node.Chunks.AsSpan())
            {
                metrics.OnChunkStored(chunk.Count, chunk.Payload.Length);
            }
        }
    }
}
