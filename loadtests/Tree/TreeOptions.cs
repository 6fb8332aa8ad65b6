namespace Monitoring.Tree;

/// <summary>What the tree scenario does.</summary>
internal sealed record TreeOptions
{
    public const string Usage = """
        usage: loadtests tree [options]
          --leaves N             leaf nodes; parents of 100, departments of 10 parents, one root (default 10000)
          --batch N              points in a batch (default 1000)
          --seconds N            length of the load (default 15)
          --streams N            sources that push at the same time (default 1)
          --alerts N             alerts to measure while nothing else happens, 0 for none (default 200)
          --alert-interval-ms N  time between two probes (default 25)
          --alert-load           measure alerts once more under half of the load that was reached
          --storage ENGINE       storage of the gateway: sqlite (default), or postgresql on a server that is thrown away afterwards
          --postgresql STRING    connection string of an empty database, instead of a server of its own
        """;

    /// <summary>Leaf nodes.</summary>
    public required int Leaves { get; init; }

    /// <summary>Points in a batch.</summary>
    public required int Batch { get; init; }

    /// <summary>Length of the load.</summary>
    public required int Seconds { get; init; }

    /// <summary>Sources that push at the same time.</summary>
    public required int Streams { get; init; }

    /// <summary>Alerts to measure.</summary>
    public required int Alerts { get; init; }

    /// <summary>Time between two probes; every second one raises an alert.</summary>
    public required int AlertIntervalMs { get; init; }

    /// <summary>Whether to measure alerts under half load too.</summary>
    public required bool AlertLoad { get; init; }

    /// <summary>Storage engine of the gateway.</summary>
    public required string Storage { get; init; }

    /// <summary>Connection string of an empty PostgreSQL database; empty for a server of its own.</summary>
    public required string PostgreSql { get; init; }

    /// <summary>Reads the options.</summary>
    /// <exception cref="UsageException">One is unknown or out of range.</exception>
    public static TreeOptions Parse(string[] arguments)
    {
        var line = new CommandLine(arguments, new HashSet<string>(StringComparer.Ordinal) { "--alert-load" });
        var options = new TreeOptions
        {
            Leaves = line.Take("--leaves", 10_000, 1, 1_000_000),
            Batch = line.Take("--batch", 1_000, 1, 100_000),
            Seconds = line.Take("--seconds", 15, 1, 3_600),
            Streams = line.Take("--streams", 1, 1, 64),
            Alerts = line.Take("--alerts", 200, 0, 100_000),
            AlertIntervalMs = line.Take("--alert-interval-ms", 25, 1, 10_000),
            AlertLoad = line.Take("--alert-load"),
            Storage = line.Take("--storage", "sqlite", "sqlite", "postgresql"),
            PostgreSql = line.TakeText("--postgresql"),
        };
        line.Done();
        if (options.PostgreSql.Length > 0 && options.Storage != "postgresql")
        {
            throw new UsageException("--postgresql needs --storage postgresql");
        }

        return options;
    }
}
