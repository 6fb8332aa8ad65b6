using Monitoring.Reporting;

namespace Monitoring.All;

/// <summary>How much of everything is measured.</summary>
internal enum Extent
{
    /// <summary>A few minutes: whether it works, and roughly how well.</summary>
    Quick = 0,

    /// <summary>Every figure of the documents: one thing after the other differs from the usual load.</summary>
    Usual = 1,

    /// <summary>Every combination of leaves, batch, streams and centre besides.</summary>
    Full = 2,
}

/// <summary>What <c>all</c> does.</summary>
internal sealed record AllOptions
{
    public const string Usage = """
        usage: loadtests all [options]
          --quick                a few minutes, one run, smaller
          --full                 every combination of leaves, batch, streams and centre: hours
          --storage ENGINE       sqlite or postgresql alone (default both)
          --runs N               runs of each scenario (default 3, with --quick 1)
          --json FILE            where reports go, one on each line; written anew (default load-reports.jsonl)
        """;

    /// <summary>How much.</summary>
    public required Extent Extent { get; init; }

    /// <summary>Storage engine; empty for both.</summary>
    public required string Storage { get; init; }

    /// <summary>Runs of each scenario.</summary>
    public required int Runs { get; init; }

    /// <summary>Where reports go.</summary>
    public required string JsonFile { get; init; }

    /// <summary>Reads the options.</summary>
    /// <exception cref="UsageException">One is unknown or out of range.</exception>
    public static AllOptions Parse(string[] arguments)
    {
        var line = new CommandLine(arguments, new HashSet<string>(StringComparer.Ordinal) { "--quick", "--full" });
        var (isQuick, isFull) = (line.Take("--quick"), line.Take("--full"));
        if (isQuick && isFull)
        {
            throw new UsageException("--quick and --full exclude each other");
        }

        var options = new AllOptions
        {
            Extent = isQuick ? Extent.Quick : isFull ? Extent.Full : Extent.Usual,
            Storage = line.Take("--storage", string.Empty, "sqlite", "postgresql"),
            Runs = line.Take("--runs", isQuick ? 1 : 3, 1, 100),
            JsonFile = line.TakeText("--json") is { Length: > 0 } file ? file : ReportFile.UsualPath,
        };
        line.Done();
        return options;
    }
}
