using Monitoring.Reporting;

namespace Monitoring.Watchers;

/// <summary>What the watchers scenario does.</summary>
internal sealed record WatcherOptions
{
    public const string Usage = """
        usage: loadtests watchers [options]
          --watchers N           watches that are open at the same time (default 1000)
          --slow N               how many of them read one message in a second (default 50)
          --leaves N             leaf nodes (default 10000)
          --batch N              points in a batch (default 1000)
          --alerts N             alerts to measure (default 100)
          --alert-interval-ms N  time between two probes (default 100)

        """ + RunOptions.Usage;

    /// <summary>Watches that are open at the same time.</summary>
    public int Watchers { get; init; } = 1_000;

    /// <summary>How many of them are slow.</summary>
    public int Slow { get; init; } = 50;

    /// <summary>Leaf nodes.</summary>
    public int Leaves { get; init; } = 10_000;

    /// <summary>Points in a batch.</summary>
    public int Batch { get; init; } = 1_000;

    /// <summary>Alerts to measure.</summary>
    public int Alerts { get; init; } = 100;

    /// <summary>Time between two probes; every second one raises an alert.</summary>
    public int AlertIntervalMs { get; init; } = 100;

    /// <summary>How it is run.</summary>
    public RunOptions Run { get; init; } = new();

    /// <summary>Reads the options.</summary>
    /// <exception cref="UsageException">One is unknown or out of range.</exception>
    public static WatcherOptions Parse(string[] arguments)
    {
        var line = new CommandLine(arguments, new HashSet<string>(StringComparer.Ordinal));
        var options = new WatcherOptions
        {
            Watchers = line.Take("--watchers", 1_000, 2, 100_000),
            Slow = line.Take("--slow", 50, 0, 100_000),
            Leaves = line.Take("--leaves", 10_000, 1, 1_000_000),
            Batch = line.Take("--batch", 1_000, 1, 10_000),
            Alerts = line.Take("--alerts", 100, 1, 100_000),
            AlertIntervalMs = line.Take("--alert-interval-ms", 100, 1, 10_000),
            Run = RunOptions.Take(line),
        };
        line.Done();
        return options.Slow < options.Watchers
            ? options
            : throw new UsageException("--slow must be less than --watchers: the one that measures is not slow");
    }
}
