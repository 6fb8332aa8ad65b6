namespace Monitoring.Pushing;

/// <summary>A request with a batch of points that were encoded beforehand. One object serves for all batches of a stream.</summary>
internal sealed class PreparedFrame : IPushFrame
{
    private const byte BatchTag = (2 << 3) | 2;
    private const byte SequenceTag = (1 << 3) | 0;

    private PreparedPoints? _points;
    private long _timeUnixMs;
    private ulong _sequence;

    /// <inheritdoc/>
    public ulong Sequence
    {
        set => _sequence = value;
    }

    /// <inheritdoc/>
    public int Length => 1 + WireFormat.VarintBytes((ulong)BatchLength) + BatchLength;

    private int BatchLength => 1 + WireFormat.VarintBytes(_sequence) + Points.Length;

    private PreparedPoints Points => _points ?? throw new InvalidOperationException("The frame has no points yet.");

    /// <summary>Puts in the points of the next batch.</summary>
    /// <param name="points">The points.</param>
    /// <param name="timeUnixMs">Their time: milliseconds since 1970-01-01T00:00:00Z.</param>
    public void Fill(PreparedPoints points, long timeUnixMs) => (_points, _timeUnixMs) = (points, timeUnixMs);

    /// <inheritdoc/>
    public void Write(Span<byte> target)
    {
        target[0] = BatchTag;
        var at = 1 + WireFormat.WriteVarint(target[1..], (ulong)BatchLength);
        target[at++] = SequenceTag;
        at += WireFormat.WriteVarint(target[at..], _sequence);
        Points.Write(target[at..], _timeUnixMs);
    }
}
