using Monitoring.Centres;

namespace Monitoring.Tree;

/// <summary>What the tree scenario does.</summary>
internal sealed record TreeOptions
{
    public const string Usage = """
        usage: loadtests tree [options]
          --leaves N             leaf nodes; parents of 100, groups of 10 above those, one root (default 10000)
          --depth N              levels, leaves and root included; with 2 all leaves are children of the root (default 4)
          --batch N              points in a batch (default 1000)
          --seconds N            length of the load (default 15)
          --warmup N             seconds of load before anything is measured, 0 for none (default 5)
          --runs N               times the whole is done, each on empty storage; figures are medians (default 1)
          --streams N            sources that push at the same time (default 1)
          --more-periods N       periods of a calendar beside the rolling one: day, week, month, quarter, year (default 0)
          --alerts N             alerts to measure while nothing else happens, 0 for none (default 200)
          --alert-interval-ms N  time between two probes (default 25)
          --alert-load           measure alerts once more under 50 % and under 90 % of the load that was reached
          --propagation N        points whose way from the leaf to the root is measured under 50 % of that load (default 0)
          --no-disk              do not measure the room on the disk, which takes time after the load
          --json FILE            also append the line of JSON to a file
        """;

    /// <summary>Leaf nodes.</summary>
    public int Leaves { get; init; } = 10_000;

    /// <summary>Levels, leaves and root included.</summary>
    public int Depth { get; init; } = TreeShape.UsualDepth;

    /// <summary>Points in a batch.</summary>
    public int Batch { get; init; } = 1_000;

    /// <summary>Length of the load.</summary>
    public int Seconds { get; init; } = 15;

    /// <summary>Seconds of load before anything is measured.</summary>
    public int Warmup { get; init; } = 5;

    /// <summary>How often the whole is done.</summary>
    public int Runs { get; init; } = 1;

    /// <summary>Sources that push at the same time.</summary>
    public int Streams { get; init; } = 1;

    /// <summary>Periods of a calendar beside the rolling one.</summary>
    public int MorePeriods { get; init; }

    /// <summary>Alerts to measure.</summary>
    public int Alerts { get; init; } = 200;

    /// <summary>Time between two probes; every second one raises an alert.</summary>
    public int AlertIntervalMs { get; init; } = 25;

    /// <summary>Whether to measure alerts under load too.</summary>
    public bool AlertLoad { get; init; }

    /// <summary>Points whose way to the root is measured.</summary>
    public int Propagation { get; init; }

    /// <summary>Whether to measure the room on the disk.</summary>
    public bool Disk { get; init; } = true;

    /// <summary>What it runs against.</summary>
    public CentreSetup Centre { get; init; } = new();

    /// <summary>File to which the line of JSON is appended; empty for none.</summary>
    public string JsonFile { get; init; } = string.Empty;

    /// <summary>Name in the report.</summary>
    public string Scenario { get; init; } = "tree";

    /// <summary>Options that have no value.</summary>
    public static IReadOnlySet<string> Switches { get; } = new HashSet<string>(StringComparer.Ordinal) { "--alert-load", "--no-disk" };

    /// <summary>Reads the options.</summary>
    /// <exception cref="UsageException">One is unknown or out of range.</exception>
    public static TreeOptions Parse(string[] arguments)
    {
        var line = new CommandLine(arguments, Switches);
        var (leaves, depth) = (
            line.Take("--leaves", 10_000, 1, 1_000_000),
            line.Take("--depth", TreeShape.UsualDepth, TreeShape.LeastDepth, TreeShape.GreatestDepth));
        return Take(line) with { Leaves = leaves, Depth = depth };
    }

    /// <summary>Takes all options but those of the tree's shape.</summary>
    /// <exception cref="UsageException">One is unknown or out of range.</exception>
    public static TreeOptions Take(CommandLine line)
    {
        var options = new TreeOptions
        {
            Batch = line.Take("--batch", 1_000, 1, 100_000),
            Seconds = line.Take("--seconds", 15, 1, 3_600),
            Warmup = line.Take("--warmup", 5, 0, 3_600),
            Runs = line.Take("--runs", 1, 1, 100),
            Streams = line.Take("--streams", 1, 1, 64),
            MorePeriods = line.Take("--more-periods", 0, 0, TreeShape.MostPeriods),
            Alerts = line.Take("--alerts", 200, 0, 100_000),
            AlertIntervalMs = line.Take("--alert-interval-ms", 25, 1, 10_000),
            AlertLoad = line.Take("--alert-load"),
            Propagation = line.Take("--propagation", 0, 0, 100_000),
            Disk = !line.Take("--no-disk"),
            Centre = CentreSetup.Take(line),
            JsonFile = line.TakeText("--json"),
        };
        line.Done();
        return options;
    }
}
