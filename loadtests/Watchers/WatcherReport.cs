using Monitoring.Measuring;

namespace Monitoring.Watchers;

/// <summary>What was found with so many watchers. Latencies are in milliseconds.</summary>
/// <param name="Watchers">Watches that were open.</param>
/// <param name="PointsPerSecond">Acknowledged points in a second with nothing held back, while alerts came and went.</param>
/// <param name="CpuUsPerPoint">CPU time of the centre for a point meanwhile, in microseconds, alerts included.</param>
/// <param name="AlertMsP50">From the time a point was due until its alert was at the one watcher that measures.</param>
/// <param name="AlertMsP99">The same, of 99 of 100.</param>
/// <param name="AlertLastMsP50">The same until it was at the last of all watchers that are not slow.</param>
/// <param name="AlertLastMsP99">The same, of 99 of 100.</param>
internal sealed record WatcherStep(
    int Watchers, double PointsPerSecond, double CpuUsPerPoint, double? AlertMsP50, double? AlertMsP99, double? AlertLastMsP50, double? AlertLastMsP99)
{
    public static WatcherStep Of(int watchers, double pointsPerSecond, double cpuSecondsOfPoint, Latencies atOne, Latencies atLast) => new(
        watchers,
        Math.Round(pointsPerSecond),
        Math.Round(cpuSecondsOfPoint * 1e6, 3),
        atOne.Percentile(0.5),
        atOne.Percentile(0.99),
        atLast.Percentile(0.5),
        atLast.Percentile(0.99));
}

/// <summary>What the watchers scenario found.</summary>
internal sealed record WatcherReport
{
    public string Scenario { get; } = "watchers";

    public required int Leaves { get; init; }

    public required int Batch { get; init; }

    public required int Slow { get; init; }

    public required string Storage { get; init; }

    public required string Processes { get; init; }

    /// <summary>With one watcher.</summary>
    public required WatcherStep One { get; init; }

    /// <summary>With all of them; alerts under the same load.</summary>
    public required WatcherStep Many { get; init; }

    /// <summary>Transitions that came to watchers in all.</summary>
    public required long Delivered { get; init; }

    /// <summary>Transitions that a watcher did not get, or got twice.</summary>
    public required long Missing { get; init; }

    /// <summary>Largest resident set of the gateway, in bytes.</summary>
    public required long RssBytes { get; init; }

    /// <summary>True when the root holds exactly what was sent and nothing is missing.</summary>
    public required bool Correct { get; init; }
}
