namespace Monitoring.Pushing;

/// <summary>Batches of points of random leaves, made before the load begins and used again and again by all its streams.</summary>
internal sealed class PointPool
{
    private const int ValuesFrom = 1;
    private const int ValuesBelow = 101;
    private const int LeastPoints = 200_000;
    private const int PointsOfLeaf = 2;

    private readonly PreparedPoints[] _batches;

    /// <summary>Makes them.</summary>
    /// <param name="leaves">Number of leaves; leaf n has the handle n + 1.</param>
    /// <param name="batchPoints">Points in a batch.</param>
    /// <param name="spreadMs">How far points lie back at most; 0 for none.</param>
    /// <param name="seed">Chooses leaves and values.</param>
    public PointPool(int leaves, int batchPoints, long spreadMs, int seed)
    {
        BatchPoints = batchPoints;
        var random = new Random(seed);
        var points = new (uint Handle, int Value)[batchPoints];
        _batches = new PreparedPoints[((Math.Max(LeastPoints, PointsOfLeaf * leaves) - 1) / batchPoints) + 1];
        for (var batch = 0; batch < _batches.Length; batch++)
        {
            for (var index = 0; index < batchPoints; index++)
            {
                points[index] = ((uint)random.Next(leaves) + 1, random.Next(ValuesFrom, ValuesBelow));
            }

            _batches[batch] = new PreparedPoints(points, spreadMs == 0 ? null : LagsOf(random, batchPoints, spreadMs));
        }
    }

    /// <summary>Points in a batch.</summary>
    public int BatchPoints { get; }

    /// <summary>How many batches there are.</summary>
    public int Count => _batches.Length;

    /// <summary>A batch.</summary>
    /// <param name="number">From 0; behind the last comes the first again.</param>
    public PreparedPoints this[long number] => _batches[number % _batches.Length];

    private static long[] LagsOf(Random random, int count, long spreadMs)
    {
        var lags = new long[count];
        for (var index = 0; index < count; index++)
        {
            lags[index] = random.NextInt64(spreadMs);
        }

        return lags;
    }
}
