using System.Globalization;
using Grpc.Net.Client;
using Monitoring.Protocol.V1;

namespace Monitoring.Tree;

/// <summary>The tree of the workload: leaves below parents of 100, below departments of 10 parents, below one root.</summary>
internal sealed class TreeShape(int leaves)
{
    public const string Indicator = "load.value";
    public const string Department = "load";
    public const string Rule = "high";

    /// <summary>Sums of the load stay far below, so that only probes cross it; and far within the whole numbers a double can hold.</summary>
    public const double Threshold = 1e12;

    private const int LeavesOfParent = 100;
    private const int ParentsOfDepartment = 10;

    /// <summary>Number of leaves.</summary>
    public int Leaves => leaves;

    /// <summary>Number of parents.</summary>
    public int Parents => ((leaves - 1) / LeavesOfParent) + 1;

    /// <summary>One indicator and one department that is told of every parent's alerts.</summary>
    public static string Dictionary { get; } = string.Create(CultureInfo.InvariantCulture, $$"""
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
            breakdown: [department, parent, leaf]
            resolution: 1m
            period: {rolling: 60m}
            owner: {{Department}}
            rules:
              - id: {{Rule}}
                name: {zh: 偏高, en: High}
                path: "*/*"
                when: above
                levels:
                  warning: {enter: {{Threshold:F0}}, exit: {{Threshold:F0}}}
        """);

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

    /// <summary>Path of a parent, for example <c>d3/p31</c>.</summary>
    public static string ParentPath(int parent) =>
        string.Create(CultureInfo.InvariantCulture, $"d{parent / ParentsOfDepartment}/p{parent}");

    /// <summary>Path of a leaf, for example <c>d3/p31/l3107</c>.</summary>
    public static string LeafPath(int leaf) =>
        string.Create(CultureInfo.InvariantCulture, $"{ParentPath(leaf / LeavesOfParent)}/l{leaf}");

    /// <summary>First leaf of a parent.</summary>
    public static int FirstLeaf(int parent) => parent * LeavesOfParent;
}
