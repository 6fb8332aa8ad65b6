using System.Runtime.InteropServices;

namespace Monitoring.Indicators;

/// <summary>Deltas summed up by bucket, in the order in which their buckets came first.</summary>
internal sealed class BucketDeltas(int capacity)
{
    // Nearly always there are one or two buckets, so a scan beats a dictionary; a source that catches up brings thousands.
    private const int MaxScanned = 16;
    private readonly List<BucketDelta> _deltas = new(capacity);
    private Dictionary<long, int>? _positions;

    /// <summary>Number of buckets.</summary>
    public int Count => _deltas.Count;

    /// <summary>The deltas, valid until the next change.</summary>
    public ReadOnlySpan<BucketDelta> Span => CollectionsMarshal.AsSpan(_deltas);

    public void Add(long start, in Aggregate added)
    {
        var position = Find(start);
        if (position < 0)
        {
            _positions?.Add(start, _deltas.Count);
            _deltas.Add(new BucketDelta { Start = start, Added = added });
            return;
        }

        ref var delta = ref CollectionsMarshal.AsSpan(_deltas)[position];
        delta = delta with { Added = Aggregate.Merge(delta.Added, added) };
    }

    /// <summary>Adds what a delta adds and takes back.</summary>
    public void Add(in BucketDelta added)
    {
        if (added.Retracted is null)
        {
            Add(added.Start, added.Added);
            return;
        }

        var position = Find(added.Start);
        if (position < 0)
        {
            _positions?.Add(added.Start, _deltas.Count);
            _deltas.Add(added);
            return;
        }

        ref var delta = ref CollectionsMarshal.AsSpan(_deltas)[position];
        delta = new BucketDelta
        {
            Start = added.Start,
            Added = Aggregate.Merge(delta.Added, added.Added),
            Retracted = Retraction.Merge(delta.Retracted, added.Retracted),
        };
    }

    public BucketDelta[] ToArray() => [.. _deltas];

    public void Clear()
    {
        _deltas.Clear();
        _positions = null;
    }

    private int Find(long start)
    {
        if (_deltas.Count > MaxScanned)
        {
            return PositionOf(start);
        }

        var deltas = CollectionsMarshal.AsSpan(_deltas);
        for (var index = deltas.Length - 1; index >= 0; index--)
        {
            if (deltas[index].Start == start)
            {
                return index;
            }
        }

        return -1;
    }

    private int PositionOf(long start)
    {
        if (_positions is null)
        {
            _positions = new Dictionary<long, int>(_deltas.Count * 2);
            for (var index = 0; index < _deltas.Count; index++)
            {
                _positions.Add(_deltas[index].Start, index);
            }
        }

        return _positions.TryGetValue(start, out var position) ? position : -1;
    }
}
