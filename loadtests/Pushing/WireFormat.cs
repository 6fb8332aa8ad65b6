using System.Buffers.Binary;
using System.Numerics;

namespace Monitoring.Pushing;

/// <summary>The parts of the protobuf encoding that a message of points consists of.</summary>
internal static class WireFormat
{
    /// <summary>Bytes of a time as a varint, for every time from 1971 to 2109: a time can be changed in place.</summary>
    public const int TimeBytes = 6;

    private const int PayloadBits = 7;
    private const int More = 0x80;
    private const long LeastTime = 1L << (PayloadBits * (TimeBytes - 1));
    private const long EndOfTimes = 1L << (PayloadBits * TimeBytes);

    /// <summary>Bytes that <see cref="WriteVarint"/> takes.</summary>
    public static int VarintBytes(ulong value) => ((64 - BitOperations.LeadingZeroCount(value | 1)) + PayloadBits - 1) / PayloadBits;

    /// <summary>Writes a whole number in as few bytes as it needs; returns how many.</summary>
    public static int WriteVarint(Span<byte> target, ulong value)
    {
        var written = 0;
        for (; value >= More; value >>= PayloadBits)
        {
            target[written++] = (byte)(value | More);
        }

        target[written++] = (byte)value;
        return written;
    }

    /// <summary>Writes a time over another one.</summary>
    /// <param name="target">Its bytes, of which there are <see cref="TimeBytes"/>.</param>
    /// <param name="timeUnixMs">Milliseconds since 1970-01-01T00:00:00Z.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time takes another number of bytes.</exception>
    public static void WriteTime(Span<byte> target, long timeUnixMs)
    {
        if (timeUnixMs is < LeastTime or >= EndOfTimes)
        {
            throw new ArgumentOutOfRangeException(nameof(timeUnixMs), timeUnixMs, $"A time must take {TimeBytes} bytes.");
        }

        WriteVarint(target, (ulong)timeUnixMs);
    }

    /// <summary>Writes a number of fixed width; returns how many bytes.</summary>
    public static int WriteDouble(Span<byte> target, double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(target, value);
        return sizeof(double);
    }
}
