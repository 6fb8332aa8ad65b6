using System.Globalization;

namespace Monitoring.Chaos.Input;

/// <summary>
/// What each source says in each of its batches. A pure function of the shape, the source and the sequence: so a batch can be sent again
/// with the same content at any time, and an oracle needs no copy of what was sent.
/// </summary>
internal sealed class SourceInput(InputShape shape)
{
    private const int FlawEvery = 2_000;
    private const int Noise = 40;
    private const int CorrectionReach = 50;
    private const int RegionPhases = 3;
    private const double RegionPhase = 0.15;
    private const double LateLeastMs = 1_000;
    private const double LateMostMs = 2 * 86_400_000.0;
    private const long HundredthsOfUnit = 100;
    private const int HotOf = 2;

    /// <summary>The shape everything follows from.</summary>
    public InputShape Shape => shape;

    /// <summary>Name of a source.</summary>
    public static string NameOf(int source) => string.Create(CultureInfo.InvariantCulture, $"chaos.{source + 1}");

    /// <summary>Number of points in a batch.</summary>
    public int PointsOf(int source, long sequence) =>
        sequence <= shape.WaveBatches ? shape.BatchPoints : (int)(ClosingEnd(source, sequence) - ClosingStart(sequence));

    /// <summary>Writes the points of a batch into a list.</summary>
    /// <param name="source">Number of the source, from 0.</param>
    /// <param name="sequence">Sequence of the batch, from 1.</param>
    /// <param name="points">Is emptied first.</param>
    public void Read(int source, long sequence, List<InputPoint> points)
    {
        points.Clear();
        if (sequence <= shape.WaveBatches)
        {
            ReadWave(source, sequence, points);
        }
        else
        {
            ReadClosing(source, sequence, points);
        }
    }

    /// <summary>Whether a leaf ends high: whole sites do, chosen by the seed.</summary>
    public bool EndsHot(int leaf) => new Random(Mix(shape.Seed, ChaosTree.Above(leaf, ChaosTree.Depth - 1), -1)).Next(HotOf) == 0;

    private static int Mix(int seed, int source, long sequence) =>
        unchecked((seed * 73_856_093) ^ (source * 19_349_663) ^ ((int)sequence * 83_492_791));

    private void ReadWave(int source, long sequence, List<InputPoint> points)
    {
        ReadPlain(source, sequence, points);
        if (shape.CorrectedPercent == 0 || sequence == 1)
        {
            return;
        }

        var random = new Random(Mix(shape.Seed, source, ~sequence));
        var earlier = new List<InputPoint>(points.Count);
        ReadPlain(source, Math.Max(1, sequence - random.Next(1, CorrectionReach + 1)), earlier);
        for (var index = 0; index < points.Count; index++)
        {
            if (random.Next(100) < shape.CorrectedPercent && points[index].Flaw == Flaw.None)
            {
                var wrong = earlier[random.Next(earlier.Count)];
                points[index] = wrong with { Hundredths = points[index].Hundredths, Flaw = Flaw.None, IsCorrection = true };
            }
        }
    }

    private void ReadPlain(int source, long sequence, List<InputPoint> points)
    {
        var random = new Random(Mix(shape.Seed, source, sequence));
        var due = sequence * InputShape.IntervalMs;
        for (var index = 0; index < shape.BatchPoints; index++)
        {
            var leaf = random.Next(shape.Leaves);
            var indicator = (InputIndicator)random.Next(2);
            var value = indicator == InputIndicator.Load
                ? WaveAt(due, leaf) + random.Next((int)(-Noise * HundredthsOfUnit), (int)(Noise * HundredthsOfUnit) + 1)
                : random.Next((int)(100 * HundredthsOfUnit) + 1);
            var time = shape.Start + due - random.Next((int)InputShape.IntervalMs);
            if (random.Next(100) < shape.LatePercent)
            {
                time -= (long)(LateLeastMs * Math.Pow(LateMostMs / LateLeastMs, random.NextDouble()));
            }

            // No two sources speak of the same time: so it does not matter whose correction comes first.
            time += source - (time % shape.Sources);
            var flaw = random.Next(FlawEvery) == 0 ? (Flaw)random.Next((int)Flaw.UnknownIndicator, (int)Flaw.InvalidTime + 1) : Flaw.None;
            points.Add(new InputPoint(indicator, leaf, time, value, flaw));
        }
    }

    /// <summary>The load swings up and down, regions not quite together.</summary>
    private long WaveAt(long due, int leaf)
    {
        var phase = ChaosTree.Above(leaf, 1) % RegionPhases * RegionPhase;
        var turn = (due / 1_000.0 / shape.WaveSeconds) + phase;
        return (long)Math.Round(InputShape.ValueSwing * HundredthsOfUnit * Math.Sin(2 * Math.PI * turn));
    }

    /// <summary>Closing points are numbered over all sources: first every leaf's load, then every leaf's level.</summary>
    private void ReadClosing(int source, long sequence, List<InputPoint> points)
    {
        var time = shape.Start + (sequence * InputShape.IntervalMs);
        for (var number = ClosingStart(sequence); number < ClosingEnd(source, sequence); number++)
        {
            var closing = (number * shape.Sources) + source;
            var leaf = (int)(closing % shape.Leaves);
            var isHot = EndsHot(leaf);
            if (closing < shape.Leaves)
            {
                var size = (long)Math.Ceiling(shape.SumSwing(shape.Leaves)) * 1_000 * (1 + (leaf % 7)) * HundredthsOfUnit;
                points.Add(new InputPoint(InputIndicator.Load, leaf, time, isHot ? size : -size, Flaw.None));
            }
            else
            {
                points.Add(new InputPoint(InputIndicator.Level, leaf, time, isHot ? 100 * HundredthsOfUnit : 0, Flaw.None));
            }
        }
    }

    private long ClosingStart(long sequence) => (sequence - shape.WaveBatches - 1) * shape.BatchPoints;

    private long ClosingEnd(int source, long sequence)
    {
        var ofSource = ((2L * shape.Leaves) - source + shape.Sources - 1) / shape.Sources;
        return Math.Max(ClosingStart(sequence), Math.Min(ClosingStart(sequence) + shape.BatchPoints, ofSource));
    }
}
