using System.Numerics;
using CsCheck;

namespace Monitoring.Indicators;

public sealed class AggregateTests
{
    private static readonly Gen<(long Time, double Value)> GenPoint = Gen.Select(
        Gen.Long[-5, 5],
        Gen.OneOf(Gen.Int[-3, 3].Select(value => (double)value), Gen.Double[-1e12, 1e12], Gen.OneOf(1e16, -1e16, 1e-9, 0.1)));

    [Fact]
    public void Merge_AnyOrderAndGrouping_GivesTheSameCountExtremesFirstAndLast() =>
        Gen.Select(GenPoint.Array[1, 20], Gen.Int).Sample((points, seed) =>
        {
            var expected = Naive(points);
            var shuffled = points.ToArray();
            var random = new Random(seed);
            random.Shuffle(shuffled);

            Assert.Equal(expected, Exact(MergeRandomly(shuffled, random)));
            Assert.Equal(expected, Exact(points.Aggregate(default(Aggregate), (sum, point) => Aggregate.Merge(sum, Of(point)))));
        });

    [Fact]
    public void Sum_AnyOrderGroupingAndCancellation_IsWithinABillionth() =>
        Gen.Select(Gen.Select(Gen.Long[-1L << 62, 1L << 62], Gen.Int[0, 60]).Array[1, 60], Gen.Bool, Gen.Int).Sample((terms, cancels, seed) =>
        {
            // Whole numbers, so that the true sum is known exactly; the second half may take the first one away again but for a rest.
            var values = terms.Select(term => (double)(term.Item1 >> term.Item2)).ToList();
            if (cancels)
            {
                values.AddRange(values.Select(value => -value).ToList());
                values.Add(7);
            }

            var exact = values.Aggregate(BigInteger.Zero, (sum, value) => sum + new BigInteger(value));
            var random = new Random(seed);
            var shuffled = values.Select((value, index) => ((long)index, value)).ToArray();
            random.Shuffle(shuffled);

            var sum = MergeRandomly(shuffled, random).Sum;

            Assert.InRange(Math.Abs(sum - (double)exact), 0, Math.Abs((double)exact) * 1e-9);
        });

    [Theory]
    [InlineData(new[] { 1e16, 1.0, -1e16 }, 1)]
    [InlineData(new[] { 1.0, 1e100, 1.0, -1e100 }, 2)]
    [InlineData(new[] { 0.1, 0.2, 0.3, -0.6 }, 2.7755575615628914e-17)]
    public void Sum_GreatValuesCancel_KeepsTheSmallOnes(double[] values, double expected)
    {
        var sum = values.Select((value, index) => new Aggregate(index, value)).Aggregate(default(Aggregate), (left, right) => Aggregate.Merge(left, right));

        Assert.InRange(sum.Sum, expected - 1e-16, expected + 1e-16);
    }

    [Fact]
    public void Read_Empty_HasOnlySumAndCount()
    {
        var empty = default(Aggregate);

        Assert.Equal((0, 0), (empty.Read(Statistic.Sum), empty.Read(Statistic.Count)));
        Assert.All([Statistic.Average, Statistic.Min, Statistic.Max, Statistic.Last], statistic => Assert.Null(empty.Read(statistic)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Aggregate(1, 1).Read((Statistic)99));
    }

    [Fact]
    public void Read_SumLeftTheRangeOfADouble_IsNoValueButTheOthersStand()
    {
        var sum = Aggregate.Merge(new Aggregate(1, double.MaxValue), new Aggregate(2, double.MaxValue));

        Assert.Null(sum.Read(Statistic.Sum));
        Assert.Null(sum.Read(Statistic.Average));
        Assert.Equal((2, double.MaxValue), (sum.Read(Statistic.Count), sum.Read(Statistic.Max)));
    }

    private static Aggregate Of((long Time, double Value) point) => new(point.Time, point.Value);

    private static Aggregate MergeRandomly((long Time, double Value)[] points, Random random)
    {
        var parts = points.Select(Of).ToList();
        while (parts.Count > 1)
        {
            var index = random.Next(parts.Count - 1);
            parts[index] = random.Next(2) == 0 ? Aggregate.Merge(parts[index], parts[index + 1]) : Aggregate.Merge(parts[index + 1], parts[index]);
            parts.RemoveAt(index + 1);
        }

        return parts[0];
    }

    private static (long Count, double Min, double Max, double First, double Last, long FirstTime, long LastTime) Naive((long Time, double Value)[] points)
    {
        var ordered = points.OrderBy(point => point.Time).ThenBy(point => point.Value).ToList();
        var values = points.Select(point => point.Value).Order().ToList();
        return (points.Length, values[0], values[^1], ordered[0].Value, ordered[^1].Value, ordered[0].Time, ordered[^1].Time);
    }

    private static (long Count, double Min, double Max, double First, double Last, long FirstTime, long LastTime) Exact(in Aggregate sum) =>
        (sum.Count, sum.Min, sum.Max, sum.First, sum.Last, sum.FirstTime, sum.LastTime);
}
