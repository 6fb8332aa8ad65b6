namespace Monitoring.RawPoints;

/// <summary>Reads what <see cref="RawPacker"/> wrote.</summary>
/// <param name="packed">The bytes.</param>
/// <param name="count">Number of points in them.</param>
internal ref struct RawUnpacker(ReadOnlySpan<byte> packed, int count)
{
    private readonly ReadOnlySpan<byte> _packed = packed;
    private int _left = count;
    private int _position;
    private long _time;
    private long _difference;
    private ulong _value;
    private int _leading;
    private int _trailing;

    /// <summary>Reads the next point; false when there is none.</summary>
    public bool TryRead(out RawPoint point)
    {
        if (_left == 0)
        {
            point = default;
            return false;
        }

        _left--;
        var change = ReadChange(out var replaces);
        _difference = unchecked(_difference + change);
        _time = unchecked(_time + _difference);
        ReadValue();
        point = new RawPoint(_time, BitConverter.UInt64BitsToDouble(_value), replaces);
        return true;
    }

    private long ReadChange(out bool replaces)
    {
        replaces = false;
        while (true)
        {
            var ones = 0;
            while (ones < 5 && Read(1) == 1)
            {
                ones++;
            }

            switch (ones)
            {
                case 0:
                    return 0;
                case 1:
                    return ReadSigned(10);
                case 2:
                    return ReadSigned(16);
                case 3:
                    return ReadSigned(24);
                case 4:
                    return (long)Read(64);
                default:
                    replaces = true;
                    break;
            }
        }
    }

    private void ReadValue()
    {
        if (Read(1) == 0)
        {
            return;
        }

        if (Read(1) == 1)
        {
            _leading = (int)Read(5);
            _trailing = 64 - _leading - ((int)Read(6) + 1);
        }

        _value ^= Read(64 - _leading - _trailing) << _trailing;
    }

    private long ReadSigned(int bits)
    {
        var shift = 64 - bits;
        return (long)(Read(bits) << shift) >> shift;
    }

    private ulong Read(int bits)
    {
        ulong value = 0;
        while (bits > 0)
        {
            var offset = _position & 7;
            var taken = Math.Min(8 - offset, bits);
            var part = (_packed[_position >> 3] >> (8 - offset - taken)) & ((1 << taken) - 1);
            value = (value << taken) | (uint)part;
            _position += taken;
            bits -= taken;
        }

        return value;
    }
}
