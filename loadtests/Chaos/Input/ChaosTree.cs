using System.Globalization;
using System.Text;

namespace Monitoring.Chaos.Input;

/// <summary>The tree of the workload: regions, areas, sites and units below one root, ten children each.</summary>
internal sealed class ChaosTree(int leaves)
{
    /// <summary>Depth of the leaves; the root has depth 0.</summary>
    public const int Depth = 4;

    private const int Children = 10;
    private const string Letters = "rasu";

    /// <summary>Number of leaves.</summary>
    public int Leaves => leaves;

    /// <summary>Number of nodes at all depths.</summary>
    public int Nodes => Enumerable.Range(0, Depth + 1).Sum(NodesAt);

    /// <summary>Number of nodes at a depth.</summary>
    public int NodesAt(int depth) => depth == 0 ? 1 : ((leaves - 1) / LeavesBelow(depth)) + 1;

    /// <summary>Number of the node above a leaf at a depth.</summary>
    public static int Above(int leaf, int depth) => depth == 0 ? 0 : leaf / LeavesBelow(depth);

    /// <summary>Number of the node one level up.</summary>
    public static int ParentOf(int depth, int node) => depth == 1 ? 0 : node / Children;

    /// <summary>Path of a node, for example <c>r3/a31/s314</c>.</summary>
    public static string PathOf(int depth, int node)
    {
        var path = new StringBuilder();
        for (var level = 1; level <= depth; level++)
        {
            var number = node * LeavesBelow(depth) / LeavesBelow(level);
            path.Append(level == 1 ? string.Empty : "/").Append(Letters[level - 1]).Append(CultureInfo.InvariantCulture, $"{number}");
        }

        return path.ToString();
    }

    /// <summary>Leaves below a node that is not the root, where the tree is full.</summary>
    private static int LeavesBelow(int depth)
    {
        var count = 1;
        for (var level = depth; level < Depth; level++)
        {
            count *= Children;
        }

        return count;
    }
}
