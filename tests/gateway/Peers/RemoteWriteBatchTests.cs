using System.Buffers.Binary;
using Google.Protobuf;
using Monitoring.Peers.RemoteWrite;

namespace Monitoring.Peers;

public sealed class RemoteWriteBatchTests
{
    private static readonly byte[] _first = RemoteWriteBatch.Encode(("__name__", "load"), ("leaf", "l1"));
    private static readonly byte[] _second = RemoteWriteBatch.Encode(("__name__", "load"), ("leaf", new string('x', 200)));

    [Fact]
    public void ToBlock_HoldsEverySampleOfEverySeries()
    {
        var batch = new RemoteWriteBatch();
        batch.Begin(_first, samples: 2);
        batch.Add(1_700_000_000_000, 1.5);
        batch.Add(1_700_000_000_001, -2e12);
        batch.Begin(_second, samples: 1);
        batch.Add(1L << 35, 0);

        Assert.Equal(
            [
                "__name__=load leaf=l1: 1.5@1700000000000 -2000000000000@1700000000001",
                $"__name__=load leaf={new string('x', 200)}: 0@{1L << 35}",
            ],
            Read(batch));
    }

    [Fact]
    public void Clear_NothingOfTheBatchBeforeIsLeft()
    {
        var batch = new RemoteWriteBatch();
        batch.Begin(_second, samples: 1);
        batch.Add(1_700_000_000_000, 1);
        batch.Clear();
        batch.Begin(_first, samples: 1);
        batch.Add(1_700_000_000_000, 2);

        Assert.Equal(["__name__=load leaf=l1: 2@1700000000000"], Read(batch));
    }

    [Fact]
    public void ToBlock_MoreThanTheBufferHoldsAtFirst()
    {
        var batch = new RemoteWriteBatch();
        for (var number = 0; number < 2_000; number++)
        {
            batch.Begin(_first, samples: 1);
            batch.Add(1_700_000_000_000 + number, number);
        }

        Assert.Equal(
            Enumerable.Range(0, 2_000).Select(number => $"__name__=load leaf=l1: {number}@{1_700_000_000_000 + number}"), Read(batch));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1L << 42)]
    public void Add_TimeThatTakesAnotherSize_Throws(long time)
    {
        var batch = new RemoteWriteBatch();
        batch.Begin(_first, samples: 1);

        Assert.Throws<ArgumentOutOfRangeException>(() => batch.Add(time, 1));
    }

    /// <summary>Reads a block with the protobuf library, each series as a line.</summary>
    private static List<string> Read(RemoteWriteBatch batch)
    {
        var block = batch.ToBlock().ToArray();
        var snappy = new CodedInputStream(block);
        var size = snappy.ReadUInt32();
        var literal = block.AsSpan((int)snappy.Position);
        Assert.Equal(63 << 2, literal[0]); // A literal whose length less one is in the next four bytes.
        Assert.Equal(size - 1, BinaryPrimitives.ReadUInt32LittleEndian(literal[1..]));
        var message = literal[5..].ToArray();
        Assert.Equal(size, (uint)message.Length);
        return [.. Fields(message).Select(series => Assert.IsType<byte[]>(series.Value)).Select(SeriesOf)];
    }

    private static string SeriesOf(byte[] series)
    {
        var fields = Fields(series).Select(field => (field.Number, Fields: Fields((byte[])field.Value).Select(part => part.Value).ToList())).ToList();
        var labels = fields.Where(field => field.Number == 1).Select(label => $"{Text(label.Fields[0])}={Text(label.Fields[1])}");
        var samples = fields.Where(field => field.Number == 2).Select(sample => FormattableString.Invariant($"{sample.Fields[0]}@{sample.Fields[1]}"));
        return $"{string.Join(' ', labels)}: {string.Join(' ', samples)}";

        static string Text(object bytes) => System.Text.Encoding.UTF8.GetString((byte[])bytes);
    }

    private static List<(int Number, object Value)> Fields(byte[] message)
    {
        var input = new CodedInputStream(message);
        var fields = new List<(int, object)>();
        for (var tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            fields.Add((WireFormat.GetTagFieldNumber(tag), WireFormat.GetTagWireType(tag) switch
            {
                WireFormat.WireType.Varint => input.ReadInt64(),
                WireFormat.WireType.Fixed64 => input.ReadDouble(),
                _ => input.ReadBytes().ToByteArray(),
            }));
        }

        return fields;
    }
}
