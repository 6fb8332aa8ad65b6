using System.Buffers.Binary;
using System.Text;
using Monitoring.Indicators;

namespace Monitoring.Partitions;

/// <summary>A growing buffer of packed values; reused from entry to entry.</summary>
internal sealed class PackedWriter
{
    /// <summary>Stands for the number of points of a summary of one point that is written in full.</summary>
    public const ulong OneInFull = ulong.MaxValue;

    private byte[] _buffer = new byte[4_096];
    private int _length;

    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, _length);

    public void Clear() => _length = 0;

    public void WriteByte(byte value)
    {
        Reserve(1);
        _buffer[_length++] = value;
    }

    public void WriteUnsigned(ulong value)
    {
        Reserve(10);
        while (value >= 0x80)
        {
            _buffer[_length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        _buffer[_length++] = (byte)value;
    }

    public void WriteSigned(long value) => WriteUnsigned((ulong)((value << 1) ^ (value >> 63)));

    public void WriteDouble(double value)
    {
        Reserve(8);
        BinaryPrimitives.WriteDoubleLittleEndian(_buffer.AsSpan(_length), value);
        _length += 8;
    }

    public void WriteText(string value)
    {
        var bytes = Encoding.UTF8.GetByteCount(value);
        WriteUnsigned((ulong)bytes);
        Reserve(bytes);
        _length += Encoding.UTF8.GetBytes(value, _buffer.AsSpan(_length));
    }

    /// <summary>Writes an aggregate; a single point takes one double instead of six.</summary>
    public void WriteAggregate(in Aggregate value, long start)
    {
        // Where others were taken back, the sum of the one that is left carries their rounding, and extremes may still be theirs.
        var isPoint = value.Count == 1 && value == new Aggregate(value.FirstTime, value.RawSum);
        WriteUnsigned(value.Count == 1 && !isPoint ? OneInFull : (ulong)value.Count);
        WriteSigned(value.FirstTime - start);
        WriteDouble(value.RawSum);
        if (isPoint)
        {
            return;
        }

        WriteSigned(value.LastTime - start);
        WriteDouble(value.Compensation);
        WriteDouble(value.Min);
        WriteDouble(value.Max);
        WriteDouble(value.First);
        WriteDouble(value.Last);
    }

    private void Reserve(int bytes)
    {
        if (_length + bytes > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + bytes));
        }
    }
}
