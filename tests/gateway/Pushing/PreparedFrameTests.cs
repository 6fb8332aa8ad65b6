using CsCheck;
using Google.Protobuf;
using Monitoring.Protocol.V1;
using Monitoring.Tree;

namespace Monitoring.Pushing;

public sealed class PreparedFrameTests
{
    private const long Year1971 = 34_359_738_368;
    private const long Year2109 = 4_398_046_511_103;

    private static readonly Gen<(uint Handle, int Value)> _point = Gen.Select(Gen.UInt[1, 100_000_000], Gen.Int[1, 1_000_000]);

    [Fact]
    public void Write_AnyBatch_IsWhatProtobufWrites() =>
        Gen.Select(_point.Array[0, 300], Gen.ULong[1, ulong.MaxValue], Gen.Long[Year1971, Year2109]).Sample((points, sequence, time) =>
        {
            var frame = new PreparedFrame { Sequence = sequence };
            frame.Fill(new PreparedPoints(points, lagsMs: null), time);

            Assert.Equal(Expected(points, sequence, _ => time), Written(frame));
        });

    [Fact]
    public void Write_PointsThatLieBack_HaveTheirOwnTimes() =>
        Gen.Select(_point.Array[1, 50], Gen.Long[0, 86_400_000].Array[50], Gen.Long[2 * Year1971, Year2109]).Sample((points, lags, time) =>
        {
            var frame = new PreparedFrame { Sequence = 7 };
            frame.Fill(new PreparedPoints(points, lags), time);

            Assert.Equal(Expected(points, 7, index => time - lags[index]), Written(frame));
        });

    [Fact]
    public void Write_SamePointsAgain_OnlySequenceAndTimeAreNew()
    {
        (uint Handle, int Value)[] points = [(1, 5), (300, 6)];
        var prepared = new PreparedPoints(points, lagsMs: null);
        var frame = new PreparedFrame { Sequence = 1 };
        frame.Fill(prepared, Year1971);
        Written(frame);
        frame.Sequence = 200;
        frame.Fill(prepared, Year2109);

        Assert.Equal(Expected(points, 200, _ => Year2109), Written(frame));
        Assert.Equal(new Totals(2, 11), prepared.Totals);
    }

    [Theory]
    [InlineData(Year1971 - 1)]
    [InlineData(Year2109 + 1)]
    public void WriteTime_TimeOfAnotherWidth_Throws(long time) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => WireFormat.WriteTime(new byte[WireFormat.TimeBytes], time));

    [Fact]
    public void PointPool_SameSeed_HasTheSamePointsOfEveryLeaf()
    {
        var (pool, again) = (new PointPool(leaves: 50, batchPoints: 100, spreadMs: 0, seed: 3), new PointPool(50, 100, 0, 3));
        var handles = Enumerable.Range(0, pool.Count).SelectMany(number => Parsed(pool[number])).Select(point => point.Handle).ToHashSet();

        Assert.Equal(Enumerable.Range(1, 50).Select(handle => (uint)handle).Order(), handles.Order());
        Assert.Equal(Parsed(pool[1]), Parsed(again[1]));
        Assert.Equal(Parsed(pool[1]).Sum(point => point.Value), pool[1].Totals.Sum);
    }

    private static byte[] Written(PreparedFrame frame)
    {
        var bytes = new byte[frame.Length];
        frame.Write(bytes);
        return bytes;
    }

    private static IEnumerable<Point> Parsed(PreparedPoints points)
    {
        var frame = new PreparedFrame { Sequence = 1 };
        frame.Fill(points, Year2109);
        return PushRequest.Parser.ParseFrom(Written(frame)).Batch.Points;
    }

    private static byte[] Expected((uint Handle, int Value)[] points, ulong sequence, Func<int, long> timeOf)
    {
        var batch = new Batch { Sequence = sequence };
        batch.Points.Add(points.Select((point, index) => new Point { Handle = point.Handle, TimeUnixMs = timeOf(index), Value = point.Value }));
        return new PushRequest { Batch = batch }.ToByteArray();
    }
}
