using System.Buffers.Binary;
using System.Text;

namespace Monitoring.Peers.RemoteWrite;

/// <summary>
/// A request of the Prometheus remote write protocol 1.0, in a buffer that is used again: the protobuf message as one literal of a Snappy
/// block, which is valid and the least work for both ends.
/// </summary>
/// <remarks>
/// <code>
/// WriteRequest { repeated TimeSeries timeseries = 1; }
/// TimeSeries   { repeated Label labels = 1; repeated Sample samples = 2; }
/// Label        { string name = 1; string value = 2; }
/// Sample       { double value = 1; int64 timestamp = 2; }
/// </code>
/// </remarks>
internal sealed class RemoteWriteBatch
{
    // A length of up to 5 bytes, then a tag with a length of 4 bytes.
    private const int MaxHeaderBytes = 10;

    // Field tags: number and wire type (1 for 8 bytes, 2 for a length, 0 for a varint).
    private const byte SeriesTag = (1 << 3) | 2;
    private const byte LabelTag = (1 << 3) | 2;
    private const byte SampleTag = (2 << 3) | 2;
    private const byte NameTag = (1 << 3) | 2;
    private const byte TextTag = (2 << 3) | 2;
    private const byte ValueTag = (1 << 3) | 1;
    private const byte TimestampTag = (2 << 3) | 0;

    private const int TimestampBytes = 6;
    private const int SampleBytes = 1 + sizeof(double) + 1 + TimestampBytes;
    private const int SampleFieldBytes = 2 + SampleBytes;

    // Times between 1971 and 2109 take six bytes as a varint, so that a sample has one size.
    private const long LeastTimestamp = 1L << 35;
    private const long TimestampEnd = 1L << 42;

    // A literal whose length follows in four bytes.
    private const byte LongLiteral = 63 << 2;

    private byte[] _buffer = new byte[1 << 16];
    private int _length = MaxHeaderBytes;

    /// <summary>Encodes the labels of a series once, for <see cref="Begin"/>.</summary>
    /// <param name="labels">Names and values; names ascending, as the protocol wants them.</param>
    public static byte[] Encode(params ReadOnlySpan<(string Name, string Value)> labels)
    {
        using var bytes = new MemoryStream();
        foreach (var (name, value) in labels)
        {
            using var label = new MemoryStream();
            WriteText(label, NameTag, name);
            WriteText(label, TextTag, value);
            bytes.WriteByte(LabelTag);
            WriteVarint(bytes, (uint)label.Length);
            label.WriteTo(bytes);
        }

        return bytes.ToArray();

        static void WriteText(MemoryStream stream, byte tag, string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            stream.WriteByte(tag);
            WriteVarint(stream, (uint)bytes.Length);
            stream.Write(bytes);
        }

        static void WriteVarint(MemoryStream stream, uint number)
        {
            Span<byte> bytes = stackalloc byte[5];
            stream.Write(bytes[..Put(bytes, number)]);
        }
    }

    /// <summary>Empties it.</summary>
    public void Clear() => _length = MaxHeaderBytes;

    /// <summary>Begins a series.</summary>
    /// <param name="labels">Encoded labels.</param>
    /// <param name="samples">How many samples will be added to it.</param>
    public void Begin(ReadOnlySpan<byte> labels, int samples)
    {
        var size = labels.Length + (samples * SampleFieldBytes);
        Reserve(1 + 5 + size);
        _buffer[_length++] = SeriesTag;
        _length += Put(_buffer.AsSpan(_length), (uint)size);
        labels.CopyTo(_buffer.AsSpan(_length));
        _length += labels.Length;
    }

    /// <summary>Adds a sample to the series that was begun.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is not one of now.</exception>
    public void Add(long timestampMs, double value)
    {
        if (timestampMs is < LeastTimestamp or >= TimestampEnd)
        {
            throw new ArgumentOutOfRangeException(nameof(timestampMs), timestampMs, "Expected milliseconds between 1971 and 2109.");
        }

        var sample = _buffer.AsSpan(_length, SampleFieldBytes);
        sample[0] = SampleTag;
        sample[1] = SampleBytes;
        sample[2] = ValueTag;
        BinaryPrimitives.WriteDoubleLittleEndian(sample[3..], value);
        sample[11] = TimestampTag;
        Put(sample[12..], (ulong)timestampMs);
        _length += SampleFieldBytes;
    }

    /// <summary>The whole as a Snappy block; valid until the batch is changed.</summary>
    public ReadOnlyMemory<byte> ToBlock()
    {
        var body = (uint)(_length - MaxHeaderBytes);
        Span<byte> header = stackalloc byte[MaxHeaderBytes];
        var size = Put(header, body);
        if (body > 0)
        {
            header[size] = LongLiteral;
            BinaryPrimitives.WriteUInt32LittleEndian(header[(size + 1)..], body - 1);
            size += 5;
        }

        header[..size].CopyTo(_buffer.AsSpan(MaxHeaderBytes - size));
        return _buffer.AsMemory(MaxHeaderBytes - size, size + (int)body);
    }

    /// <summary>Writes a varint.</summary>
    /// <returns>Its size in bytes.</returns>
    private static int Put(Span<byte> target, ulong number)
    {
        var size = 0;
        for (; number >= 0x80; number >>= 7)
        {
            target[size++] = (byte)(number | 0x80);
        }

        target[size++] = (byte)number;
        return size;
    }

    private void Reserve(int bytes)
    {
        if (_length + bytes > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + bytes));
        }
    }
}
