using CsCheck;

namespace Monitoring.RawPoints;

public sealed class RawLogTests
{
    private static readonly Gen<long> GenTime = Gen.OneOf(
        Gen.Long[0, 40], Gen.Long[1_767_000_000_000, 1_767_000_100_000], Gen.Long, Gen.OneOf(long.MinValue, long.MaxValue, 0));

    private static readonly Gen<double> GenValue = Gen.OneOf(
        Gen.Int[-3, 3].Select(value => (double)value),
        Gen.Double.Where(double.IsFinite),
        Gen.OneOf(0, -0.0, double.Epsilon, -double.Epsilon, double.MaxValue, double.MinValue, 1e-300));

    private static readonly Gen<RawPoint> GenPoint = Gen.Select(
        GenTime, GenValue, Gen.Frequency((5, Gen.Const(false)), (1, Gen.Const(true))), (time, value, replaces) => new RawPoint(time, value, replaces));

    /// <summary>A series as sources send it: a step that repeats, with a little jitter.</summary>
    private static readonly Gen<RawPoint[]> GenSeries = Gen.Select(Gen.Long[0, 100_000], Gen.Long[-3, 3].Array[0, 300], Gen.Int[0, 5].Array[300]).Select(
        series => series.Item2.Select((jitter, index) =>
            new RawPoint(1_767_000_000_000 + (index * series.Item1) + jitter, series.Item3[index], false)).ToArray());

    [Fact]
    public void Unpacker_AnyPoints_GivesBackEveryBit() => Gen.OneOf(GenPoint.Array[0, 300], GenSeries).Sample(points =>
    {
        var packer = new RawPacker();
        packer.Append(7, 7, true);
        packer.Clear();
        foreach (var point in points)
        {
            packer.Append(point.Time, point.Value, point.Replaces);
        }

        Assert.Equal(points.Select(Bits), Unpack(packer.ToArray(), packer.Count).Select(Bits));
        if (points.Length > 0)
        {
            Assert.Equal((points.Min(point => point.Time), points.Max(point => point.Time)), (packer.MinTime, packer.MaxTime));
        }
    });

    [Fact]
    public void Packer_OnePointASecondOfWholeNumbers_TakesLittleRoom()
    {
        var packer = new RawPacker();
        for (var index = 0; index < 120; index++)
        {
            packer.Append(1_767_000_000_000 + (index * 1_000L), 100 + (index % 7), false);
        }

        Assert.InRange(packer.ToArray().Length, 1, 120 * 3);
    }

    [Fact]
    public void Visit_WhateverIsStoredAndLostBetween_GivesTheLinesOfTheSpanInOrder() =>
        Gen.Select(GenPoint.Array[0, 60], Gen.Int[1, 7], Gen.Int[0, 3].Array[60], GenTime, GenTime).Sample((points, chunkPoints, behind, one, other) =>
        {
            var (from, until) = (Math.Min(one, other), Math.Max(one, other));
            var (log, stored, head, unstored) = (new RawLog(chunkPoints, null), new List<RawChunk>(), (RawHead?)null, new List<RawPoint>());
            for (var index = 0; index < points.Length; index++)
            {
                log.Append(points[index].Time, points[index].Value, points[index].Replaces);
                unstored.Add(points[index]);
                if (behind[index] == 1)
                {
                    stored.AddRange(log.TakeFull());
                    head = log.StoreHead();
                    unstored.Clear();
                }
                else if (behind[index] == 2)
                {
                    // The node loses its memory, and the journal behind the checkpoint is applied again.
                    log = new RawLog(chunkPoints, head);
                    unstored.ForEach(point => log.Append(point.Time, point.Value, point.Replaces));
                }
            }

            var visited = new List<RawPoint>();
            log.Visit([.. stored.Where(chunk => chunk.Overlaps(from, until))], from, until, visited.Add);

            Assert.Equal(points.Where(point => point.Time >= from && point.Time < until).Select(Bits), visited.Select(Bits));
            Assert.Equal(Enumerable.Range(0, stored.Count).Select(sequence => (long)sequence), stored.Select(chunk => chunk.Sequence));
            Assert.All(stored, chunk => Assert.Equal(chunkPoints, chunk.Count));
        });

    [Fact]
    public void PresentPoints_AnyLines_CountLikeANaiveList() => Gen.Select(GenLines, GenLines).Sample((before, entry) =>
    {
        var present = new PresentPoints();
        var naive = new List<(long Time, double Value, bool IsNew)>();
        var removed = new List<double>();
        foreach (var line in before)
        {
            present.Restore(line);
            naive.RemoveAll(point => line.Replaces && point.Time == line.Time);
            naive.Add((line.Time, line.Value, false));
        }

        foreach (var line in entry)
        {
            var replaced = line.Replaces ? naive.Where(point => point.Time == line.Time).ToList() : [];
            if (line.Replaces)
            {
                Assert.Equal(replaced.Select(point => point.Value), present.Replace(line.Time, line.Value));
            }
            else
            {
                present.Add(line.Time, line.Value);
            }

            removed.AddRange(replaced.Where(point => !point.IsNew).Select(point => point.Value));
            naive.RemoveAll(replaced.Contains);
            naive.Add((line.Time, line.Value, true));
        }

        AssertSame(naive.Select(point => point.Value), present.Total());
        AssertSame(naive.Where(point => point.IsNew).Select(point => point.Value), present.Added());
        AssertSame(removed, present.Removed);
    });

    private static readonly Gen<RawPoint[]> GenLines = Gen.Select(
        Gen.Long[0, 4], Gen.Int[0, 9], Gen.Bool, (time, value, replaces) => new RawPoint(time, value, replaces)).Array[0, 12];

    private static void AssertSame(IEnumerable<double> values, in Indicators.Aggregate aggregate)
    {
        var all = values.ToList();
        Assert.Equal((all.Count, all.Sum()), ((int)aggregate.Count, aggregate.Sum));
        if (all.Count > 0)
        {
            Assert.Equal((all.Min(), all.Max()), (aggregate.Min, aggregate.Max));
        }
    }

    private static (long Time, long Value, bool Replaces) Bits(RawPoint point) => (point.Time, BitConverter.DoubleToInt64Bits(point.Value), point.Replaces);

    private static List<RawPoint> Unpack(byte[] payload, int count)
    {
        var points = new List<RawPoint>();
        var unpacker = new RawUnpacker(payload, count);
        while (unpacker.TryRead(out var point))
        {
            points.Add(point);
        }

        return points;
    }
}
