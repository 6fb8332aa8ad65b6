using System.Buffers.Binary;
using System.Text;
using Monitoring.Indicators;

namespace Monitoring.Partitions;

/// <summary>Reads what <see cref="PackedWriter"/> wrote.</summary>
internal ref struct PackedReader(ReadOnlySpan<byte> buffer)
{
    private readonly ReadOnlySpan<byte> _buffer = buffer;
    private int _position;

    public byte ReadByte() => _buffer[_position++];

    public ulong ReadUnsigned()
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = _buffer[_position++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }

    public long ReadSigned()
    {
        var value = ReadUnsigned();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public double ReadDouble()
    {
        var value = BinaryPrimitives.ReadDoubleLittleEndian(_buffer[_position..]);
        _position += 8;
        return value;
    }

    public string ReadText()
    {
        var bytes = (int)ReadUnsigned();
        var text = Encoding.UTF8.GetString(_buffer.Slice(_position, bytes));
        _position += bytes;
        return text;
    }

    public Aggregate ReadAggregate(long start)
    {
        var count = ReadUnsigned();
        var firstTime = start + ReadSigned();
        var rawSum = ReadDouble();
        return count == 1
            ? new Aggregate(firstTime, rawSum)
            : new Aggregate
            {
                Count = count == PackedWriter.OneInFull ? 1 : (long)count,
                RawSum = rawSum,
                FirstTime = firstTime,
                LastTime = start + ReadSigned(),
                Compensation = ReadDouble(),
                Min = ReadDouble(),
                Max = ReadDouble(),
                First = ReadDouble(),
                Last = ReadDouble(),
            };
    }
}
