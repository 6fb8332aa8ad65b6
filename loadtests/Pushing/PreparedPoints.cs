using Monitoring.Tree;

namespace Monitoring.Pushing;

/// <summary>Points of one batch, encoded beforehand except for their times. May be sent by several streams at once.</summary>
internal sealed class PreparedPoints
{
    // Field number and wire type, as in ingest.proto.
    private const byte PointsTag = (2 << 3) | 2;
    private const byte HandleTag = (3 << 3) | 0;
    private const byte TimeTag = (4 << 3) | 0;
    private const byte ValueTag = (5 << 3) | 1;
    private const int ValueBytes = 1 + sizeof(double);

    private readonly byte[] _bytes;
    private readonly long[]? _lagsMs;

    /// <summary>Encodes points.</summary>
    /// <param name="points">Handle and value of each; neither is 0, which would be left out.</param>
    /// <param name="lagsMs">How far each one's time lies behind that of the batch; null when none does.</param>
    public PreparedPoints(ReadOnlySpan<(uint Handle, int Value)> points, long[]? lagsMs)
    {
        _lagsMs = lagsMs;
        var length = 0;
        var sum = 0L;
        foreach (var (handle, value) in points)
        {
            length += 2 + PointLength(handle); // Tag and length take a byte each.
            sum += value;
        }

        _bytes = new byte[length];
        var rest = _bytes.AsSpan();
        foreach (var (handle, value) in points)
        {
            rest = rest[Write(rest, handle, value)..];
        }

        Totals = new Totals(points.Length, sum);
    }

    /// <summary>Bytes that <see cref="Write(Span{byte}, long)"/> takes.</summary>
    public int Length => _bytes.Length;

    /// <summary>How many they are and what they add up to.</summary>
    public Totals Totals { get; }

    /// <summary>Writes them as points of a time.</summary>
    /// <param name="target">At least <see cref="Length"/> bytes.</param>
    /// <param name="timeUnixMs">Milliseconds since 1970-01-01T00:00:00Z.</param>
    public void Write(Span<byte> target, long timeUnixMs)
    {
        _bytes.CopyTo(target);
        Span<byte> encoded = stackalloc byte[WireFormat.TimeBytes];
        WireFormat.WriteTime(encoded, timeUnixMs);
        var index = 0;
        for (var at = 0; at < _bytes.Length; index++)
        {
            at += 2 + _bytes[at + 1];
            if (_lagsMs is not null)
            {
                WireFormat.WriteTime(encoded, timeUnixMs - _lagsMs[index]);
            }

            encoded.CopyTo(target[(at - ValueBytes - WireFormat.TimeBytes)..]);
        }
    }

    private static int PointLength(uint handle) => 1 + WireFormat.VarintBytes(handle) + 1 + WireFormat.TimeBytes + ValueBytes;

    private static int Write(Span<byte> target, uint handle, int value)
    {
        target[0] = PointsTag;
        target[1] = (byte)PointLength(handle);
        target[2] = HandleTag;
        var at = 3 + WireFormat.WriteVarint(target[3..], handle);
        target[at++] = TimeTag;
        at += WireFormat.TimeBytes;
        target[at++] = ValueTag;
        return at + WireFormat.WriteDouble(target[at..], value);
    }
}
