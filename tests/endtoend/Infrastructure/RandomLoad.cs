using Monitoring.Protocol.V1;

namespace Monitoring.Infrastructure;

/// <summary>Batches of points of random places, some of them minutes late, and what they come to. A batch follows from its sequence.</summary>
internal sealed class RandomLoad(int seed, int batches, long start)
{
    public const int Regions = 5;
    private const int PlacesOfRegion = 8;
    private const int PointsOfBatch = 40;

    public int Batches => batches;

    public Point[] ContentOf(long sequence)
    {
        var random = new Random(seed + (int)sequence);
        var points = new Point[PointsOfBatch];
        for (var index = 0; index < points.Length; index++)
        {
            points[index] = new Point
            {
                Indicator = TestDictionary.Indicator,
                Path = $"r{random.Next(Regions)}/p{random.Next(PlacesOfRegion)}",
                TimeUnixMs = start - random.Next(600_000),
                Value = random.Next(-100, 101),
            };
        }

        return points;
    }

    /// <summary>All points of each node, by path.</summary>
    public Dictionary<string, NodeTotal> Totals()
    {
        var totals = new Dictionary<string, NodeTotal>(StringComparer.Ordinal);
        for (var sequence = 1L; sequence <= batches; sequence++)
        {
            foreach (var point in ContentOf(sequence))
            {
                string[] paths = [string.Empty, point.Path[..point.Path.IndexOf('/', StringComparison.Ordinal)], point.Path];
                foreach (var path in paths)
                {
                    totals[path] = totals.GetValueOrDefault(path).Add(point.Value);
                }
            }
        }

        return totals;
    }

    /// <summary>Waits until every node has what it must have, at any gateway.</summary>
    public async Task ArrivedAsync(GatewayClients clients)
    {
        foreach (var (path, total) in Totals())
        {
            await Eventually.BecomesAsync(() => clients.TotalAsync(path), now => now == total);
        }
    }
}
