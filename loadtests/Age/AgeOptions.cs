using Monitoring.Reporting;

namespace Monitoring.Age;

/// <summary>What the age scenario does.</summary>
internal sealed record AgeOptions
{
    public const string Usage = """
        usage: loadtests age [options]
          --leaves N             leaf nodes (default 1000)
          --batch N              points in a batch (default 1000)
          --hours N              length of the history, one point of every leaf for each minute (default 24)

        """ + RunOptions.Usage;

    /// <summary>Longer than elsewhere: a program that still gets faster would hide what its age costs.</summary>
    public const int UsualWarmup = 20;

    /// <summary>Leaf nodes.</summary>
    public int Leaves { get; init; } = 1_000;

    /// <summary>Points in a batch.</summary>
    public int Batch { get; init; } = 1_000;

    /// <summary>Length of the history.</summary>
    public int Hours { get; init; } = 24;

    /// <summary>How it is run.</summary>
    public RunOptions Run { get; init; } = new() { Warmup = UsualWarmup };

    /// <summary>Reads the options.</summary>
    /// <exception cref="UsageException">One is unknown or out of range.</exception>
    public static AgeOptions Parse(string[] arguments)
    {
        var line = new CommandLine(arguments, new HashSet<string>(StringComparer.Ordinal));
        var options = new AgeOptions
        {
            Leaves = line.Take("--leaves", 1_000, 1, 1_000_000),
            Batch = line.Take("--batch", 1_000, 1, 10_000),
            Hours = line.Take("--hours", 24, 1, 24 * 30),
            Run = RunOptions.Take(line, UsualWarmup),
        };
        line.Done();
        return options;
    }
}
