using Monitoring.Reporting;

namespace Monitoring.Nodes;

/// <summary>What the nodes scenario does.</summary>
internal sealed record NodesOptions
{
    public const string Usage = """
        usage: loadtests nodes [options]
          --nodes N              leaf nodes that are kept in memory (default 100000)

        """ + RunOptions.Usage;

    /// <summary>Leaf nodes.</summary>
    public int Nodes { get; init; } = 100_000;

    /// <summary>How it is run; it has no load of a fixed length.</summary>
    public RunOptions Run { get; init; } = new();

    /// <summary>Reads the options.</summary>
    /// <exception cref="UsageException">One is unknown or out of range.</exception>
    public static NodesOptions Parse(string[] arguments)
    {
        var line = new CommandLine(arguments, new HashSet<string>(StringComparer.Ordinal));
        var options = new NodesOptions { Nodes = line.Take("--nodes", 100_000, 1_000, 1_000_000), Run = RunOptions.Take(line) };
        line.Done();
        return options;
    }
}
