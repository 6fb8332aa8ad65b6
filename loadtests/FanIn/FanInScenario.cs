using Monitoring.Tree;

namespace Monitoring.FanIn;

/// <summary>The tree workload with all leaves as children of one parent, the root: all that is sent meets in one node.</summary>
internal static class FanInScenario
{
    public const string Usage = """
        usage: loadtests fan-in [options]
          --children N           children of the one parent (default 10000)
          …                      and the options of tree but --leaves and --depth
        """;

    /// <summary>Reads the options.</summary>
    /// <exception cref="UsageException">One is unknown or out of range.</exception>
    public static TreeOptions Parse(string[] arguments)
    {
        var line = new CommandLine(arguments, TreeOptions.Switches);
        var children = line.Take("--children", 10_000, 1, 1_000_000);
        return TreeOptions.Take(line) with { Scenario = "fan-in", Leaves = children, Depth = TreeShape.LeastDepth };
    }
}
