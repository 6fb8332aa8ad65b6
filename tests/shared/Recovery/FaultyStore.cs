using Monitoring.History;
using Monitoring.Indicators;
using Monitoring.LatePoints;
using Monitoring.Partitions;
using Monitoring.RawPoints;

namespace Monitoring.Recovery;

/// <summary>
/// Stands between partitions and their stores: calls take their time, fail when a test wants it, and share the fate of the activation that
/// made them. Keeps every journal as a whole beside.
/// </summary>
internal sealed class FaultyStore(ClusterStores stores, Func<Task> pause) : IPartitionStore, ILateStore, IHistoryStore
{
    private readonly SortedDictionary<int, List<StoredEntry>> _journals = [];
    private readonly Dictionary<int, long> _claims = [];
    private readonly Dictionary<(int Partition, long Epoch), Crash> _crashes = [];
    private readonly List<Write> _underWay = [];
    private TaskCompletionSource _claimed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Decides whether a write fails; asked before and after it, so that it may be done all the same.</summary>
    public Func<bool> Fails { get; set; } = () => false;

    /// <summary>Decides whether an append fails, which then did nothing.</summary>
    public Func<bool> FailsToAppend { get; set; } = () => false;

    /// <summary>Every entry that was ever journaled, by partition.</summary>
    public IReadOnlyDictionary<int, List<StoredEntry>> Journals => _journals;

    /// <summary>Writes of activations that had lost their partition and were stored all the same, and journals that are not as they were written.</summary>
    public List<string> Violations { get; } = [];

    /// <summary>How many writes came from activations that had lost their partition.</summary>
    public int StaleWrites { get; private set; }

    /// <summary>A journal as it was, without any checkpoint.</summary>
    public void Seed(int partition, IReadOnlyList<StoredEntry> journal)
    {
        foreach (var entry in journal)
        {
            stores.Tell(stores => entry.Sequence == 1
                ? stores.Partitions.ClaimAsync(partition, 1, 0, entry.Payload, CancellationToken.None)
                : stores.Partitions.AppendAsync(partition, 1, entry.Sequence, entry.Payload, CancellationToken.None));
        }

        _journals[partition] = [.. journal];
    }

    /// <summary>How an activation ended; null for one that did not crash.</summary>
    public Crash? CrashOf(int partition, long epoch) => _crashes.TryGetValue((partition, epoch), out var crash) ? crash : null;

    /// <summary>Decides on the writes of an activation that ends.</summary>
    public void OnCrash(int partition, long epoch, Crash crash)
    {
        _crashes[(partition, epoch)] = crash;
        foreach (var write in _underWay.Where(write => crash == Crash.StoresWrites && (write.Partition, write.Epoch) == (partition, epoch)).ToList())
        {
            Make(write);
        }
    }

    public async Task<PartitionImage> LoadAsync(int partition, CancellationToken cancellationToken)
    {
        await pause();
        var image = stores.Ask(stores => stores.Partitions.LoadAsync(partition, cancellationToken));
        var written = _journals.GetValueOrDefault(partition, []).Skip((int)image.Entry).ToList();
        if (!written.Select(entry => entry.Sequence).SequenceEqual(image.Journal.Select(entry => entry.Sequence))
            || written.Zip(image.Journal).Any(pair => !pair.First.Payload.AsSpan().SequenceEqual(pair.Second.Payload)))
        {
            Violations.Add($"The journal of partition {partition} behind entry {image.Entry} is not as it was written.");
        }

        return image;
    }

    public Task ClaimAsync(int partition, long epoch, long checkpointEntry, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        var stored = payload.ToArray();
        return WriteAsync(partition, epoch, () =>
        {
            stores.Tell(stores => stores.Partitions.ClaimAsync(partition, epoch, checkpointEntry, stored, cancellationToken));
            Keep(partition, epoch, new StoredEntry(epoch, stored));
            _claims[partition] = Math.Max(epoch, _claims.GetValueOrDefault(partition));
            var claimed = _claimed;
            _claimed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            claimed.SetResult();
        });
    }

    public Task AppendAsync(int partition, long epoch, long sequence, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        var stored = payload.ToArray();
        return WriteAsync(partition, epoch, () =>
        {
            if (FailsToAppend())
            {
                throw new IOException("The disk is full.");
            }

            stores.Tell(stores => stores.Partitions.AppendAsync(partition, epoch, sequence, stored, cancellationToken));
            Keep(partition, epoch, new StoredEntry(sequence, stored));
        });
    }

    public Task WriteCheckpointAsync(PartitionCheckpoint checkpoint, CancellationToken cancellationToken) =>
        WriteAsync(checkpoint.Partition, checkpoint.Epoch, () =>
        {
            stores.Tell(stores => stores.Partitions.WriteCheckpointAsync(checkpoint, cancellationToken));
            CheckFenced(checkpoint.Partition, checkpoint.Epoch, $"checkpoint {checkpoint.Entry}");
        });

    public Task<NodeImage[]> LoadNodesAsync(int partition, IReadOnlyList<NodeLoad> nodes, CancellationToken cancellationToken) =>
        ReadAsync(stores => stores.Partitions.LoadNodesAsync(partition, nodes, cancellationToken), Fails);

    public Task<IReadOnlyList<Bucket>> ReadBucketsAsync(
        NodeKey key, long resolution, long start, long end, CancellationToken cancellationToken) =>
        ReadAsync(stores => stores.Partitions.ReadBucketsAsync(key, resolution, start, end, cancellationToken));

    public Task<NodeHistory[]> LoadHistoryAsync(int partition, IReadOnlyList<HistoryLoad> loads, CancellationToken cancellationToken) =>
        ReadAsync(stores => stores.Partitions.LoadHistoryAsync(partition, loads, cancellationToken));

    public Task<IReadOnlyList<Correction>> ListCorrectionsAsync(CorrectionQuery query, CancellationToken cancellationToken) =>
        ReadAsync(stores => stores.Partitions.ListCorrectionsAsync(query, cancellationToken));

    public Task<IReadOnlyList<LatePoint>> ReadAsync(int partition, LateSelection selection, CancellationToken cancellationToken) =>
        ReadAsync(stores => stores.Late.ReadAsync(partition, selection, cancellationToken));

    public Task<IReadOnlyList<LatePoint>> FindAsync(int partition, IReadOnlyList<LateId> ids, CancellationToken cancellationToken) =>
        ReadAsync(stores => stores.Late.FindAsync(partition, ids, cancellationToken));

    public Task<LateTrim> TrimAsync(int partition, long epoch, long receivedBefore, int maxKept, CancellationToken cancellationToken) =>
        ReadAsync(stores => stores.Late.TrimAsync(partition, epoch, receivedBefore, maxKept, cancellationToken));

    public Task<int> TrimBucketsAsync(
        int partition, long epoch, IReadOnlyList<BucketTrim> trims, int maxOfEach, CancellationToken cancellationToken) =>
        ReadAsync(stores => stores.History.TrimBucketsAsync(partition, epoch, trims, maxOfEach, cancellationToken));

    private async Task<T> ReadAsync<T>(Func<ClusterStores, Task<T>> ask, Func<bool>? fails = null)
    {
        await pause();
        return fails?.Invoke() == true ? throw new IOException("The disk is away.") : stores.Ask(ask);
    }

    private async Task WriteAsync(int partition, long epoch, Action make)
    {
        if (CrashOf(partition, epoch) is Crash.LosesWrites or Crash.StoresWrites)
        {
            throw new PartitionTakenOverException(partition, epoch); // Its process is gone.
        }

        var write = new Write(partition, epoch, make);
        _underWay.Add(write);
        await pause();
        _underWay.Remove(write);
        if (!write.IsMade)
        {
            await MakeAsync(write);
        }
        else if (write.Failure is { } failure)
        {
            throw failure;
        }

        await pause();
        if (Fails())
        {
            throw new IOException("The connection was lost.");
        }
    }

    private async Task MakeAsync(Write write)
    {
        if (Fails())
        {
            throw new IOException("The disk is full.");
        }

        var crash = CrashOf(write.Partition, write.Epoch);
        if (crash is Crash.LosesWrites or Crash.StoresWrites)
        {
            throw new PartitionTakenOverException(write.Partition, write.Epoch);
        }

        if (crash == Crash.Sleeps)
        {
            while (_claims.GetValueOrDefault(write.Partition) <= write.Epoch)
            {
                await _claimed.Task;
            }

            StaleWrites++;
        }

        write.Make();
    }

    /// <summary>Makes a write for an activation that is no longer there to hear how it went.</summary>
    private static void Make(Write write)
    {
        write.IsMade = true;
        try
        {
            write.Make();
        }
        catch (Exception exception)
        {
            write.Failure = exception;
        }
    }

    private void Keep(int partition, long epoch, StoredEntry entry)
    {
        if (!_journals.TryGetValue(partition, out var journal))
        {
            _journals.Add(partition, journal = []);
        }

        CheckFenced(partition, epoch, $"entry {entry.Sequence}");
        if (journal.Count == 0 || journal[^1].Sequence < entry.Sequence)
        {
            journal.Add(entry);
        }
    }

    private void CheckFenced(int partition, long epoch, string what)
    {
        if (_claims.GetValueOrDefault(partition) is var claim && claim > epoch)
        {
            Violations.Add($"Partition {partition} was claimed by activation {claim} when {what} of activation {epoch} was stored.");
        }
    }

    private sealed record Write(int Partition, long Epoch, Action Make)
    {
        public bool IsMade { get; set; }

        public Exception? Failure { get; set; }
    }
}
