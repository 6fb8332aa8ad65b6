using System.Buffers.Binary;
using System.Numerics;

namespace Monitoring.RawPoints;

/// <summary>
/// Packs points one by one as they arrive: times as differences of differences, values as what changed in their bits. After Pelkonen et
/// al., "Gorilla: A Fast, Scalable, In-Memory Time Series Database", VLDB 2015; with ranges for milliseconds, and a mark for corrections
/// that costs other points nothing.
/// </summary>
/// <remarks>
/// Time: 0 for the same difference again; 10, 110, 1110 before 10, 16, 24 bits and 11110 before all 64 bits of a change of the difference.
/// 11111 in front of that marks a point that replaces. Value: 0 for the same value; 10 before the changed bits where they lie within
/// those of the value before; otherwise 11, 5 bits of leading zeros, 6 bits of length less one, the changed bits.
/// </remarks>
internal sealed class RawPacker
{
    private const int MaxLeading = 31;
    private byte[] _bytes = [];
    private int _length;
    private ulong _word;
    private int _used;
    private long _time;
    private long _difference;
    private ulong _value;
    private int _leading = int.MaxValue;
    private int _trailing;

    /// <summary>Number of points.</summary>
    public int Count { get; private set; }

    /// <summary>Earliest event time; meaningless when empty.</summary>
    public long MinTime { get; private set; }

    /// <summary>Latest event time; meaningless when empty.</summary>
    public long MaxTime { get; private set; }

    public void Append(long time, double value, bool replaces)
    {
        (MinTime, MaxTime) = Count == 0 ? (time, time) : (Math.Min(MinTime, time), Math.Max(MaxTime, time));
        Count++;
        if (replaces)
        {
            Write(0b11111, 5);
        }

        WriteTime(time);
        WriteValue(BitConverter.DoubleToUInt64Bits(value));
    }

    /// <summary>What was packed so far.</summary>
    public byte[] ToArray()
    {
        var rest = (_used + 7) / 8;
        var packed = new byte[_length + rest];
        _bytes.AsSpan(0, _length).CopyTo(packed);
        Span<byte> last = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(last, _word);
        last[..rest].CopyTo(packed.AsSpan(_length));
        return packed;
    }

    /// <summary>Starts over; keeps its memory.</summary>
    public void Clear()
    {
        (_length, _word, _used, Count) = (0, 0, 0, 0);
        (_time, _difference, _value, _leading, _trailing) = (0, 0, 0, int.MaxValue, 0);
    }

    private void WriteTime(long time)
    {
        var difference = unchecked(time - _time);
        var change = unchecked(difference - _difference);
        (_time, _difference) = (time, difference);
        switch (change)
        {
            case 0:
                Write(0, 1);
                break;
            case >= -(1L << 9) and < 1L << 9:
                Write((0b10UL << 10) | Low(change, 10), 12);
                break;
            case >= -(1L << 15) and < 1L << 15:
                Write((0b110UL << 16) | Low(change, 16), 19);
                break;
            case >= -(1L << 23) and < 1L << 23:
                Write((0b1110UL << 24) | Low(change, 24), 28);
                break;
            default:
                Write(0b11110, 5);
                Write((ulong)change, 64);
                break;
        }
    }

    private void WriteValue(ulong value)
    {
        var changed = value ^ _value;
        _value = value;
        if (changed == 0)
        {
            Write(0, 1);
            return;
        }

        var leading = Math.Min(BitOperations.LeadingZeroCount(changed), MaxLeading);
        var trailing = BitOperations.TrailingZeroCount(changed);
        if (leading >= _leading && trailing >= _trailing)
        {
            Write(0b10, 2);
            Write(changed >> _trailing, 64 - _leading - _trailing);
            return;
        }

        (_leading, _trailing) = (leading, trailing);
        var length = 64 - leading - trailing;
        Write((0b11UL << 11) | ((ulong)(uint)leading << 6) | (uint)(length - 1), 13);
        Write(changed >> trailing, length);
    }

    private static ulong Low(long value, int bits) => (ulong)value & ((1UL << bits) - 1);

    /// <summary>Writes the low bits of a value, of which the others are 0.</summary>
    private void Write(ulong value, int bits)
    {
        var free = 64 - _used;
        if (bits < free)
        {
            _word |= value << (free - bits);
            _used += bits;
            return;
        }

        var rest = bits - free;
        _word |= value >> rest;
        Flush();
        _word = rest == 0 ? 0 : value << (64 - rest);
        _used = rest;
    }

    private void Flush()
    {
        if (_length + 8 > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(32, _bytes.Length * 2));
        }

        BinaryPrimitives.WriteUInt64BigEndian(_bytes.AsSpan(_length), _word);
        _length += 8;
    }
}
