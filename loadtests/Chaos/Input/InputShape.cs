namespace Monitoring.Chaos.Input;

/// <summary>Everything the content of all batches follows from.</summary>
internal sealed record InputShape
{
    /// <summary>Batches a source sends in a second.</summary>
    private const int BatchesPerSecond = 10;

    /// <summary>Share of a wave's steepest slope that a point's value makes up, in the indicator's unit.</summary>
    private const double WaveHeight = 60;

    private const double LongestWaveSeconds = 120;
    private const double ShortestWaveSeconds = 10;
    private const double WavesOfRun = 5;

    /// <summary>Chooses leaves, values and times.</summary>
    public required int Seed { get; init; }

    /// <summary>Sources that push at the same time.</summary>
    public required int Sources { get; init; }

    /// <summary>Leaf nodes.</summary>
    public required int Leaves { get; init; }

    /// <summary>Points in a second, all sources together.</summary>
    public required int Rate { get; init; }

    /// <summary>How long the sources push before the closing batches.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Share of points, in percent, whose event time lies 1 s to 2 days back.</summary>
    public required int LatePercent { get; init; }

    /// <summary>Share of points, in percent, that correct an earlier point of the same source.</summary>
    public int CorrectedPercent { get; init; }

    /// <summary>Event time of the first batch, milliseconds since 1970-01-01T00:00:00Z.</summary>
    public required long Start { get; init; }

    /// <summary>Time from one batch of a source to its next, in milliseconds.</summary>
    public static long IntervalMs => 1_000 / BatchesPerSecond;

    /// <summary>Points in a batch.</summary>
    public int BatchPoints => Math.Max(1, Rate / (Sources * BatchesPerSecond));

    /// <summary>Batches of each source before the closing ones.</summary>
    public long WaveBatches => Math.Max(1, (long)(Duration.TotalSeconds * BatchesPerSecond));

    /// <summary>Batches of each source that end the run: they drive every rule clearly to one side.</summary>
    public long ClosingBatches => ((2L * Leaves) + ((long)BatchPoints * Sources) - 1) / ((long)BatchPoints * Sources);

    /// <summary>Batches of each source.</summary>
    public long Batches => WaveBatches + ClosingBatches;

    /// <summary>Length of a wave, after which the load's values repeat.</summary>
    public double WaveSeconds => Math.Clamp(Duration.TotalSeconds / WavesOfRun, ShortestWaveSeconds, LongestWaveSeconds);

    /// <summary>Height of the waves of single values, in the indicator's unit.</summary>
    public static double ValueSwing => WaveHeight;

    /// <summary>How far a node's sum swings within a wave, in the indicator's unit; half of all points are of the load.</summary>
    /// <param name="nodes">Number of nodes at the node's depth.</param>
    public double SumSwing(int nodes) => WaveHeight * Rate / 2 / nodes * WaveSeconds / Math.PI;
}
