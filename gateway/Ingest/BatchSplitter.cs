using Monitoring.Dictionary;
using Monitoring.Indicators;
using Monitoring.Partitions;
using Wire = Monitoring.Protocol.V1;

namespace Monitoring.Gateway.Ingest;

/// <summary>
/// Checks the points of a batch and divides them by partition. Works on arrays it reuses and allocates the columns alone; one per
/// stream, not thread-safe.
/// </summary>
internal sealed class BatchSplitter(PartitionMap partitions, IngestOptions options)
{
    private readonly NodeBook _book = new(partitions, options);
    private readonly PointColumns?[] _columns = new PointColumns?[partitions.Count];
    private readonly int[] _counts = new int[partitions.Count];
    private readonly List<PointColumns> _filled = [];
    private readonly List<Wire.Rejection> _rejections = [];
    private readonly List<Wire.Rejection> _unnamed = [];
    private Wire.Batch _batch = new();
    private BoundNode?[] _nodes = [];

    /// <summary>The columns of each partition that has points; valid until the next split.</summary>
    public IReadOnlyList<PointColumns> Columns => _filled;

    /// <summary>Why points were refused; valid until the next split.</summary>
    public IReadOnlyList<Wire.Rejection> Rejected => _rejections;

    /// <summary>True when a point was refused because its code is unknown, which a newer dictionary may change.</summary>
    public bool HasUnknownIndicator { get; private set; }

    /// <summary>Reads which nodes the points of a batch name. Done once for a batch, because points bind handles for those behind them.</summary>
    public void Read(Wire.Batch batch)
    {
        _batch = batch;
        _unnamed.Clear();
        if (_nodes.Length < batch.Points.Count)
        {
            _nodes = new BoundNode?[batch.Points.Count];
        }

        for (var index = 0; index < batch.Points.Count; index++)
        {
            _nodes[index] = _book.Find(batch.Points[index], out var reason, out var message);
            if (_nodes[index] is null)
            {
                _unnamed.Add(Rejection(index, reason, message));
            }
        }
    }

    /// <summary>Splits the batch that was read; doing so again, with another version of the dictionary, starts over.</summary>
    /// <param name="dictionary">What its points are judged by.</param>
    /// <param name="latest">Greatest time allowed, milliseconds since 1970-01-01T00:00:00Z.</param>
    public void Split(DictionarySnapshot dictionary, long latest)
    {
        _filled.Clear();
        _rejections.Clear();
        HasUnknownIndicator = false;
        Array.Clear(_counts);
        Judge(dictionary, latest);
        Distribute();
    }

    private void Judge(DictionarySnapshot dictionary, long latest)
    {
        var points = _batch.Points;
        var unnamed = 0;
        for (var index = 0; index < points.Count; index++)
        {
            if (_nodes[index] is not { } node)
            {
                _rejections.Add(_unnamed[unnamed++]);
                continue;
            }

            node.Check(dictionary);
            var (reason, message) = node.Reason == Wire.RejectionReason.Unspecified
                ? Judge(points[index], latest)
                : (node.Reason, node.Message);
            if (reason == Wire.RejectionReason.Unspecified)
            {
                _counts[node.Partition]++;
                continue;
            }

            HasUnknownIndicator |= reason == Wire.RejectionReason.UnknownIndicator;
            _rejections.Add(Rejection(index, reason, message));
        }
    }

    private Wire.Rejection Rejection(int index, Wire.RejectionReason reason, string message) =>
        new() { Sequence = _batch.Sequence, Index = (uint)index, Reason = reason, Message = message };

    private static (Wire.RejectionReason Reason, string Message) Judge(Wire.Point point, long latest)
    {
        if (!double.IsFinite(point.Value))
        {
            return (Wire.RejectionReason.InvalidValue, Rejections.InvalidValue(point.Value));
        }

        if (point.TimeUnixMs <= 0)
        {
            return (Wire.RejectionReason.InvalidTime, Rejections.InvalidTime(point.TimeUnixMs));
        }

        return point.TimeUnixMs > latest
            ? (Wire.RejectionReason.InvalidTime, Rejections.FutureTime(point.TimeUnixMs, latest))
            : (Wire.RejectionReason.Unspecified, string.Empty);
    }

    private void Distribute()
    {
        var points = _batch.Points;
        var rejected = 0;
        for (var index = 0; index < points.Count; index++)
        {
            if (rejected < _rejections.Count && _rejections[rejected].Index == (uint)index)
            {
                rejected++;
                continue;
            }

            var node = _nodes[index]!;

            var columns = _columns[node.Partition];
            if (columns is null)
            {
                columns = new PointColumns(node.Partition, _counts[node.Partition]);
                _columns[node.Partition] = columns;
                _filled.Add(columns);
            }

            var point = points[index];
            columns.Add(node.Key, point.TimeUnixMs, point.Value, point.Correction, index);
        }

        foreach (var columns in _filled)
        {
            _columns[columns.Partition] = null;
        }
    }
}

/// <summary>Points of one batch for one partition, as columns.</summary>
internal sealed class PointColumns(int partition, int count)
{
    private int _filled;

    /// <summary>Number of the partition.</summary>
    public int Partition { get; } = partition;

    /// <summary>Node of each point.</summary>
    public NodeKey[] Nodes { get; } = new NodeKey[count];

    /// <summary>Event time of each point, milliseconds since 1970-01-01T00:00:00Z.</summary>
    public long[] Times { get; } = new long[count];

    /// <summary>Value of each point.</summary>
    public double[] Values { get; } = new double[count];

    /// <summary>True for each correction; null when there is none.</summary>
    public bool[]? Corrections { get; private set; }

    /// <summary>Position of each point in its batch.</summary>
    public int[] Positions { get; } = new int[count];

    public void Add(NodeKey node, long time, double value, bool isCorrection, int position)
    {
        if (isCorrection)
        {
            (Corrections ??= new bool[count])[_filled] = true;
        }

        Nodes[_filled] = node;
        Times[_filled] = time;
        Values[_filled] = value;
        Positions[_filled] = position;
        _filled++;
    }
}
