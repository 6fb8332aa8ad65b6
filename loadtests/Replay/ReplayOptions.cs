namespace Monitoring.Replay;

/// <summary>What the replay scenario does.</summary>
internal sealed record ReplayOptions
{
    public const string Usage = """
        usage: loadtests replay [options]
          --points N             points that are journaled and in no checkpoint when the process is killed (default 1000000)
          --leaves N             leaf nodes (default 10000)
          --spread-hours N       how far points lie back at most, which makes many buckets; 0 for points of now (default 0)
          --checkpoints          with checkpoints as by default: shows that what is replayed is bounded
          --storage ENGINE       sqlite (default), or postgresql on a server that is thrown away afterwards
        """;

    /// <summary>Points that are sent.</summary>
    public required int Points { get; init; }

    /// <summary>Leaf nodes.</summary>
    public required int Leaves { get; init; }

    /// <summary>How far points lie back at most.</summary>
    public required TimeSpan Spread { get; init; }

    /// <summary>Whether checkpoints are taken as by default.</summary>
    public required bool Checkpoints { get; init; }

    /// <summary>Storage engine of the gateway.</summary>
    public required string Storage { get; init; }

    /// <summary>Reads the options.</summary>
    /// <exception cref="UsageException">One is unknown or out of range.</exception>
    public static ReplayOptions Parse(string[] arguments)
    {
        var line = new CommandLine(arguments, new HashSet<string>(StringComparer.Ordinal) { "--checkpoints" });
        var options = new ReplayOptions
        {
            Points = line.Take("--points", 1_000_000, 1_000, 100_000_000),
            Leaves = line.Take("--leaves", 10_000, 1, 1_000_000),
            Spread = TimeSpan.FromHours(line.Take("--spread-hours", 0, 0, 24 * 7)),
            Checkpoints = line.Take("--checkpoints"),
            Storage = line.Take("--storage", "sqlite", "sqlite", "postgresql"),
        };
        line.Done();
        return options;
    }
}
