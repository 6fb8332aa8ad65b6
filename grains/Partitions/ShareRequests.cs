using System.Collections.Immutable;
using Monitoring.Indicators;

namespace Monitoring.Partitions;

/// <summary>A collection that was open, as stored.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.stored-collection.v1")]
internal readonly record struct StoredCollection
{
    /// <summary>Number of the node.</summary>
    [Id(0)] public required int Number { get; init; }

    /// <summary>Start of the bucket, milliseconds since 1970-01-01T00:00:00Z.</summary>
    [Id(1)] public required long Start { get; init; }

    /// <summary>The journal entry with which it began.</summary>
    [Id(2)] public required long Round { get; init; }
}

/// <summary>
/// Collections of shares that nodes here have open. Every partition is asked for each, at least once: what was asked before a crash is asked
/// again. One call at a time to each partition.
/// </summary>
internal sealed class ShareRequests(IGrainFactory grains, PartitionMap map, PartitionOptions options, TimeProvider clock)
{
    private const int MaxRequestsPerCall = 1_000;
    private readonly Dictionary<(NodeSlot Node, long Start), long> _open = [];
    private Box[] _boxes = [];

    /// <summary>Is told of a failure after which this activation cannot go on.</summary>
    public required Action<Exception> Failed { get; init; }

    /// <summary>Open collections.</summary>
    public int Weight => _open.Count;

    /// <summary>Takes note of what a node began or ended to collect.</summary>
    public void Note(NodeSlot node, ReadOnlySpan<BucketCollection> collections)
    {
        foreach (ref readonly var collection in collections)
        {
            if (collection.IsOpen)
            {
                Open(node, collection.Start, collection.Round);
            }
            else if (_open.GetValueOrDefault((node, collection.Start)) == collection.Round)
            {
                _open.Remove((node, collection.Start));
            }
        }
    }

    /// <summary>Starts to send what waits and is not being sent yet.</summary>
    public void Send(CancellationToken stopping)
    {
        if (_open.Count == 0)
        {
            return;
        }

        foreach (var box in _boxes)
        {
            if (!box.IsSending && box.Waiting.Count > 0)
            {
                box.IsSending = true;
                _ = SendAsync(box, stopping);
            }
        }
    }

    /// <summary>What must be stored.</summary>
    public ImmutableArray<StoredCollection> Store() =>
    [
        .. _open.Select(open => new StoredCollection { Number = open.Key.Node.Number, Start = open.Key.Start, Round = open.Value })
            .OrderBy(open => open.Number).ThenBy(open => open.Start),
    ];

    /// <summary>Takes over what was stored; all of it is asked for anew.</summary>
    public void Restore(ImmutableArray<StoredCollection> stored, NodeTable nodes)
    {
        foreach (var collection in stored)
        {
            Open(nodes[collection.Number], collection.Start, collection.Round);
        }
    }

    private void Open(NodeSlot node, long start, long round)
    {
        _open[(node, start)] = round;
        if (_boxes.Length == 0)
        {
            _boxes = [.. Enumerable.Range(0, map.Count).Select(partition => new Box(partition))];
        }

        foreach (var box in _boxes)
        {
            box.Waiting.Enqueue((node, start, round));
        }
    }

    private async Task SendAsync(Box box, CancellationToken stopping)
    {
        try
        {
            var partition = grains.GetGrain<IPartitionGrain>(box.Partition);
            var backoff = new Backoff(clock, options);
            while (Next(box) is { Length: > 0 } requests)
            {
                try
                {
                    await partition.RequestSharesAsync(requests, stopping);
                }
                catch (Exception) when (!stopping.IsCancellationRequested)
                {
                    // Whether it arrived or not, the same requests again do no harm.
                    await backoff.PauseAsync(stopping);
                    continue;
                }

                backoff = new Backoff(clock, options);
                box.Taken.Clear();
            }

            box.IsSending = false;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The activation ends; the next one asks for all that is still open.
        }
        catch (Exception exception)
        {
            Failed(exception);
        }
    }

    /// <summary>What is asked next: what was asked without an answer, and more, without collections that ended or began anew.</summary>
    private ImmutableArray<ShareRequest> Next(Box box)
    {
        box.Taken.RemoveAll(taken => !IsOpen(taken));
        while (box.Taken.Count < MaxRequestsPerCall && box.Waiting.TryDequeue(out var waiting))
        {
            if (IsOpen(waiting))
            {
                box.Taken.Add(waiting);
            }
        }

        return [.. box.Taken.Select(taken => new ShareRequest { Node = taken.Node.Key, Start = taken.Start, Round = taken.Round })];
    }

    private bool IsOpen((NodeSlot Node, long Start, long Round) request) =>
        _open.TryGetValue((request.Node, request.Start), out var round) && round == request.Round;

    /// <summary>Requests for one partition; bounded by the open collections.</summary>
    private sealed class Box(int partition)
    {
        public int Partition { get; } = partition;

        public Queue<(NodeSlot Node, long Start, long Round)> Waiting { get; } = new();

        public List<(NodeSlot Node, long Start, long Round)> Taken { get; } = [];

        public bool IsSending { get; set; }
    }
}
