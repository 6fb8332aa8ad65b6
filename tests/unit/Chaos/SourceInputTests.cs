using CsCheck;

namespace Monitoring.Chaos.Input;

public sealed class SourceInputTests
{
    private const long Start = 1_800_000_000_000;

    private static readonly Gen<InputShape> GenShape = Gen.Select(
        Gen.Int[1, int.MaxValue], Gen.Int[1, 5], Gen.Int[1, 2_500], Gen.Int[1, 3_000], Gen.Int[0, 100]).Select(
            (seed, sources, leaves, rate, late) => Shape(seed, sources, leaves, rate, late));

    [Fact]
    public void Read_Again_GivesTheSamePoints() => Gen.Select(GenShape, Gen.Int).Sample((shape, choice) =>
    {
        var source = (int)((uint)choice % shape.Sources);
        var sequence = 1 + ((uint)choice % shape.Batches);

        var points = Read(new SourceInput(shape), source, sequence);

        Assert.Equal(points, Read(new SourceInput(shape), source, sequence));
        Assert.Equal(points.Count, new SourceInput(shape).PointsOf(source, sequence));
    });

    [Fact]
    public void Read_ClosingBatches_GiveEveryLeafOneLastPointOfEachIndicator() => GenShape.Sample(
        shape =>
        {
            var input = new SourceInput(shape);
            var closing =
                from source in Enumerable.Range(0, shape.Sources)
                from offset in Enumerable.Range(1, (int)shape.ClosingBatches)
                from point in Read(input, source, shape.WaveBatches + offset)
                select (point.Indicator, point.Leaf);

            Assert.Equal(
                from indicator in Enum.GetValues<InputIndicator>() from leaf in Enumerable.Range(0, shape.Leaves) select (indicator, leaf),
                closing.Order());
        },
        iter: 100);

    [Fact]
    public void Read_LatePoints_LieUpToTwoDaysBackAndAreAsManyAsAsked()
    {
        var shape = Shape(seed: 7, sources: 4, leaves: 100, rate: 40_000, late: 5);

        var points = Read(new SourceInput(shape), source: 0, sequence: 10);
        var late = points.Where(point => point.Time < Start).ToArray();

        Assert.Equal(1_000, points.Count);
        Assert.InRange(late.Length, 20, 80);
        Assert.All(late, point => Assert.InRange(point.Time, Start - 2 * 86_400_000L, Start));
    }

    private static InputShape Shape(int seed, int sources, int leaves, int rate, int late) => new()
    {
        Seed = seed,
        Sources = sources,
        Leaves = leaves,
        Rate = rate,
        Duration = TimeSpan.FromSeconds(30),
        LatePercent = late,
        Start = Start,
    };

    private static List<InputPoint> Read(SourceInput input, int source, long sequence)
    {
        var points = new List<InputPoint>();
        input.Read(source, sequence, points);
        return points;
    }
}
