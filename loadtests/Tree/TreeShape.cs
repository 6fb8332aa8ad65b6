using System.Globalization;
using Grpc.Net.Client;
using Monitoring.Protocol.V1;

namespace Monitoring.Tree;

/// <summary>
/// The tree of the workload: leaves below parents of 100, groups of 10 above those, one root. With two levels all leaves are children of
/// the root.
/// </summary>
/// <param name="leaves">Number of leaves.</param>
/// <param name="depth">Levels, leaves and root included.</param>
internal sealed class TreeShape(int leaves, int depth = TreeShape.UsualDepth)
{
    public const string Indicator = "load.value";
    public const string Department = "load";
    public const string Rule = "high";
    public const int LeastDepth = 2;
    public const int UsualDepth = 4;
    public const int GreatestDepth = 7;
    public const int MostPeriods = 5;

    /// <summary>Sums of the load stay far below, so that only probes cross it; and far within the whole numbers a double can hold.</summary>
    public const double Threshold = 1e12;

    private const int LeavesOfParent = 100;
    private const int MembersOfGroup = 10;
    private static readonly string[] _calendarPeriods = ["day", "week", "month", "quarter", "year"];
    private static readonly string[] _dimensions = ["country", "region", "area", "department", "parent", "leaf"];

    private readonly int _leavesOfParent = depth == LeastDepth ? leaves : LeavesOfParent;

    /// <summary>Number of leaves.</summary>
    public int Leaves => leaves;

    /// <summary>Levels, leaves and root included.</summary>
    public int Depth => depth;

    /// <summary>Number of nodes just above leaves.</summary>
    public int Parents => ((leaves - 1) / _leavesOfParent) + 1;

    /// <summary>Number of all nodes.</summary>
    public int Nodes
    {
        get
        {
            var (nodes, members) = (leaves + Parents, Parents);
            for (var level = 2; level < depth; level++)
            {
                members = level == depth - 1 ? 1 : ((members - 1) / MembersOfGroup) + 1;
                nodes += members;
            }

            return nodes;
        }
    }

    /// <summary>Periods of a calendar that are kept beside the rolling one.</summary>
    public int MorePeriods { get; init; }

    /// <summary>One indicator with a rule on every parent, and one department that is told of its alerts.</summary>
    public string Dictionary => DictionaryOf(string.Join('/', Enumerable.Repeat("*", depth - 2)), "1m", "60m");

    /// <summary>The same with that rule on the nodes of all levels.</summary>
    public string DictionaryOfLevels => DictionaryOf("**", "1m", "60m");

    /// <summary>Puts a dictionary in force.</summary>
    public static async Task ApplyAsync(GrpcChannel channel, string dictionary, CancellationToken cancellationToken)
    {
        var client = new Protocol.V1.Dictionary.DictionaryClient(channel);
        var applied = await client.ApplyAsync(
            new ApplyDictionaryRequest { Yaml = dictionary, FileName = "tree.yaml" }, cancellationToken: cancellationToken);
        if (!applied.Applied)
        {
            throw new InvalidOperationException($"The dictionary was not applied: {applied}");
        }
    }

    /// <summary>The dictionary with a period of its own.</summary>
    /// <param name="rulePath">Path pattern of the rule.</param>
    /// <param name="resolution">Width of a bucket, such as <c>1m</c>.</param>
    /// <param name="period">The rolling period, such as <c>60m</c>.</param>
    public string DictionaryOf(string rulePath, string resolution, string period) => string.Create(CultureInfo.InvariantCulture, $$"""
        departments:
          - id: {{Department}}
            name: {zh: 压力测试, en: Load test}
            subscriptions:
              - {indicator: {{Indicator}}, path: "**", level: info}
        indicators:
          - code: {{Indicator}}
            name: {zh: 压力值, en: Load}
            description: {zh: 压力测试的数据点。, en: Points of the load test.}
            unit: points
            statistic: sum
            breakdown: [{{string.Join(", ", _dimensions[^(depth - 1)..])}}]
            resolution: {{resolution}}
            period: {rolling: {{period}}}{{CalendarText}}
            owner: {{Department}}
            rules:
              - id: {{Rule}}
                name: {zh: 偏高, en: High}
                path: "{{rulePath}}"
                when: above
                levels:
                  warning: {enter: {{Threshold:F0}}, exit: {{Threshold:F0}}}
        """);

    private string CalendarText => MorePeriods == 0
        ? string.Empty
        : $"\n    calendar: Asia/Shanghai\n    more_periods: [{string.Join(", ", _calendarPeriods.Take(MorePeriods))}]";

    /// <summary>Path of a parent, for example <c>d3/p31</c>; empty when that is the root.</summary>
    public string ParentPath(int parent)
    {
        if (depth == LeastDepth)
        {
            return string.Empty;
        }

        var path = string.Create(CultureInfo.InvariantCulture, $"p{parent}");
        var group = parent;
        for (var level = depth - LeastDepth - 1; level > 0; level--)
        {
            group /= MembersOfGroup;
            path = string.Create(CultureInfo.InvariantCulture, $"{_dimensions[^(depth - level)][0]}{group}/{path}");
        }

        return path;
    }

    /// <summary>Path of a leaf, for example <c>d3/p31/l3107</c>.</summary>
    public string LeafPath(int leaf)
    {
        var parent = ParentPath(leaf / _leavesOfParent);
        return string.Create(CultureInfo.InvariantCulture, $"{parent}{(parent.Length > 0 ? "/" : string.Empty)}l{leaf}");
    }

    /// <summary>First leaf of a parent.</summary>
    public int FirstLeaf(int parent) => parent * _leavesOfParent;
}
