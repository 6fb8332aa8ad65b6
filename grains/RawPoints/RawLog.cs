namespace Monitoring.RawPoints;

/// <summary>What a node stores of the end of its raw log that is not in a chunk yet.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.raw-head.v1")]
internal sealed record RawHead
{
    /// <summary>Sequence of the chunk that this becomes.</summary>
    [Id(0)] public required long Sequence { get; init; }

    /// <summary>Number of points.</summary>
    [Id(1)] public required int Count { get; init; }

    /// <summary>The points, packed.</summary>
    [Id(2)] public required byte[] Payload { get; init; }
}

/// <summary>
/// The points that one node received itself, in the order in which they were applied. Append-only: a correction is one more line, so old
/// values stay. In memory is what is not stored yet: a head of less than a chunk, and full chunks until the next checkpoint.
/// </summary>
internal sealed class RawLog
{
    private readonly RawPacker _head = new();
    private readonly int _chunkPoints;
    private List<RawChunk>? _full;
    private long _sequence;

    /// <summary>A log that goes on behind what is stored.</summary>
    /// <param name="chunkPoints">Points of a full chunk.</param>
    /// <param name="stored">The end of the stored log; null for none.</param>
    public RawLog(int chunkPoints, RawHead? stored)
    {
        _chunkPoints = chunkPoints;
        if (stored is null)
        {
            return;
        }

        _sequence = stored.Sequence;
        var points = new RawUnpacker(stored.Payload, stored.Count);
        while (points.TryRead(out var point))
        {
            _head.Append(point.Time, point.Value, point.Replaces);
        }
    }

    public void Append(long time, double value, bool replaces)
    {
        _head.Append(time, value, replaces);
        if (_head.Count >= _chunkPoints)
        {
            Close();
        }
    }

    /// <summary>The end of the log, to be stored with the node.</summary>
    public RawHead StoreHead() => new() { Sequence = _sequence, Count = _head.Count, Payload = _head.ToArray() };

    /// <summary>Chunks that became full since the last call.</summary>
    public RawChunk[] TakeFull()
    {
        if (_full is null)
        {
            return [];
        }

        var taken = _full.ToArray();
        _full = null;
        return taken;
    }

    /// <summary>Visits every line whose time lies within [from, until), in the order of the log.</summary>
    /// <param name="stored">Stored chunks that overlap the span, in order.</param>
    /// <param name="from">Start of the span.</param>
    /// <param name="until">End of the span, exclusive.</param>
    /// <param name="visit">Is called with each.</param>
    public void Visit(ReadOnlySpan<RawChunk> stored, long from, long until, Action<RawPoint> visit)
    {
        foreach (ref readonly var chunk in stored)
        {
            // A chunk may be stored and, after a crash, be built once more.
            if (chunk.Sequence < FirstInMemory)
            {
                Visit(chunk.Payload, chunk.Count, from, until, visit);
            }
        }

        foreach (var chunk in _full ?? [])
        {
            Visit(chunk.Payload, chunk.Count, from, until, visit);
        }

        Visit(_head.ToArray(), _head.Count, from, until, visit);
    }

    private long FirstInMemory => _sequence - (_full?.Count ?? 0);

    private static void Visit(byte[] payload, int count, long from, long until, Action<RawPoint> visit)
    {
        var points = new RawUnpacker(payload, count);
        while (points.TryRead(out var point))
        {
            if (point.Time >= from && point.Time < until)
            {
                visit(point);
            }
        }
    }

    private void Close()
    {
        (_full ??= []).Add(new RawChunk
        {
            Sequence = _sequence++,
            MinTime = _head.MinTime,
            MaxTime = _head.MaxTime,
            Count = _head.Count,
            Payload = _head.ToArray(),
        });
        _head.Clear();
    }
}
