using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Monitoring.Chaos.Input;

/// <summary>The dictionary of the workload: two indicators with rules at every level of the tree, departments that overlap.</summary>
internal sealed class ChaosDictionary
{
    /// <summary>Width of a bucket, in milliseconds.</summary>
    public const long ResolutionMs = 60_000;

    private const int HoldSeconds = 1;

    public ChaosDictionary(InputShape shape)
    {
        var tree = new ChaosTree(shape.Leaves);
        Rules =
        [
            Surge("surge-total", string.Empty, shape.SumSwing(1)),
            Surge("surge-region", "*", shape.SumSwing(tree.NodesAt(1))),
            Surge("surge-area", "*/*", shape.SumSwing(tree.NodesAt(2))),
            Surge("surge-site", "*/*/*", shape.SumSwing(tree.NodesAt(3))),
            Surge("surge-unit", "r0/*/*/*", shape.SumSwing(shape.Leaves)),
            new(InputIndicator.Level, "high", "r0/**", IsAbove: true, [new("warning", 99.5, 20, 0)]),
            new(InputIndicator.Level, "brief", "*/*", IsAbove: true, [new("info", 98, 90, HoldSeconds), new("critical", 99.8, 50, 0)]),
            new(InputIndicator.Level, "quiet", "*/*/*", IsAbove: false, [new("warning", 0.3, 50, 0)]),
        ];
        Yaml = Write(Rules);
    }

    /// <summary>All rules.</summary>
    public ImmutableArray<InputRule> Rules { get; }

    /// <summary>The dictionary file.</summary>
    public string Yaml { get; }

    /// <summary>Code of an indicator.</summary>
    public static string CodeOf(InputIndicator indicator) => indicator == InputIndicator.Load ? "chaos.load" : "chaos.level";

    private static InputRule Surge(string id, string path, double swing) => new(
        InputIndicator.Load,
        id,
        path,
        IsAbove: true,
        [Level("warning", 0.5 * swing, 0.2 * swing, 0), Level("critical", 0.8 * swing, 0.5 * swing, HoldSeconds)]);

    private static InputLevel Level(string level, double enter, double exit, int holdSeconds) =>
        new(level, Math.Round(enter, 2), Math.Round(exit, 2), holdSeconds);

    private static string Write(IReadOnlyCollection<InputRule> rules)
    {
        var yaml = new StringBuilder("departments:\n");
        foreach (var department in InputDepartment.All)
        {
            yaml.Append(CultureInfo.InvariantCulture, $$"""
                  - id: {{department.Id}}
                    name: {{department.Id}}
                    subscriptions:
                      - {indicator: "chaos.*", path: "{{department.Path}}", level: {{department.Level}}}

                """);
        }

        yaml.Append("indicators:\n");
        WriteIndicator(yaml, InputIndicator.Load, "statistic: sum", "period: {rolling: 60m}", rules);
        WriteIndicator(yaml, InputIndicator.Level, "statistic: last", "period: {day: UTC}", rules);
        return yaml.ToString();
    }

    private static void WriteIndicator(
        StringBuilder yaml, InputIndicator indicator, string statistic, string period, IEnumerable<InputRule> rules)
    {
        yaml.Append(CultureInfo.InvariantCulture, $$"""
              - code: {{CodeOf(indicator)}}
                name: {{CodeOf(indicator)}}
                {{statistic}}
                breakdown: [region, area, site, unit]
                resolution: 1m
                {{period}}
                owner: {{InputDepartment.Everything}}
                rules:

            """);
        foreach (var rule in rules.Where(rule => rule.Indicator == indicator))
        {
            yaml.Append(CultureInfo.InvariantCulture, $$"""
                      - id: {{rule.Id}}
                        name: {{rule.Id}}
                        path: "{{rule.Path}}"
                        when: {{(rule.IsAbove ? "above" : "below")}}
                        levels:

                """);
            foreach (var level in rule.Levels)
            {
                yaml.Append(CultureInfo.InvariantCulture, $$"""
                              {{level.Level}}: {enter: {{level.Enter}}, exit: {{level.Exit}}, for: {{level.HoldSeconds}}s}

                    """);
            }
        }
    }
}
