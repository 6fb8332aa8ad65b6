using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Monitoring.Storage.PostgreSql;

/// <summary>
/// Rows as PostgreSQL's binary COPY takes them: a signature, for each row the number of its fields, for each field its length in bytes (-1 for
/// null) and its value, and -1 at the end; numbers big-endian.
/// </summary>
/// <remarks>Written by hand, since the driver's importer awaits every field by itself and that costs more than the copy saves.</remarks>
internal sealed class CopyContent
{
    private const int LargeBytes = 64 * 1_024;

    private static readonly UTF8Encoding _text = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly ArrayBufferWriter<byte> _buffer = new(LargeBytes + 4_096);

    public CopyContent() => _buffer.Write(Signature);

    /// <summary>"PGCOPY\n\xFF\r\n\0", no flags, no further header.</summary>
    private static ReadOnlySpan<byte> Signature => [0x50, 0x47, 0x43, 0x4F, 0x50, 0x59, 0x0A, 0xFF, 0x0D, 0x0A, 0x00, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>What was written since it was cleared.</summary>
    public ReadOnlyMemory<byte> Written => _buffer.WrittenMemory;

    /// <summary>True when it is worth sending.</summary>
    public bool IsLarge => _buffer.WrittenCount >= LargeBytes;

    public void Clear() => _buffer.ResetWrittenCount();

    public void BeginRow(int fields) => WriteShort((short)fields);

    public void End() => WriteShort(-1);

    public void WriteNull() => WriteInt(-1);

    public void Write(int value)
    {
        WriteInt(sizeof(int));
        WriteInt(value);
    }

    public void Write(long value)
    {
        WriteInt(sizeof(long));
        BinaryPrimitives.WriteInt64BigEndian(_buffer.GetSpan(sizeof(long)), value);
        _buffer.Advance(sizeof(long));
    }

    public void Write(string value)
    {
        var length = _text.GetByteCount(value);
        WriteInt(length);
        _text.GetBytes(value, _buffer.GetSpan(length));
        _buffer.Advance(length);
    }

    public void Write(byte[] value)
    {
        WriteInt(value.Length);
        _buffer.Write(value);
    }

    private void WriteInt(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(_buffer.GetSpan(sizeof(int)), value);
        _buffer.Advance(sizeof(int));
    }

    private void WriteShort(short value)
    {
        BinaryPrimitives.WriteInt16BigEndian(_buffer.GetSpan(sizeof(short)), value);
        _buffer.Advance(sizeof(short));
    }
}
