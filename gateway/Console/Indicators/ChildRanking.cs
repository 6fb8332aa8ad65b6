using System.Collections.Immutable;
using Monitoring.Alerting;
using Monitoring.Dictionary;
using Monitoring.Gateway.Console.Alerts;
using Monitoring.Gateway.Console.Language;
using Monitoring.Indicators;

namespace Monitoring.Gateway.Console.Indicators;

/// <summary>A child as the ranking shows it.</summary>
/// <param name="Label">Last part of the path.</param>
/// <param name="Value">Value with unit.</param>
/// <param name="Share">Length of the bar, 0 to 1.</param>
/// <param name="Level">Level of the node itself.</param>
/// <param name="Link">Address of its page.</param>
public sealed record RankedChild(string Label, string Value, double Share, AlertLevel Level, string Link);

/// <summary>Children of a node, worst first: greatest first, or smallest first when its rules fear low values. Pure.</summary>
internal static class ChildRanking
{
    /// <summary>Ranks the children; those without a value come last.</summary>
    public static ImmutableArray<RankedChild> Of(
        IEnumerable<NodeReading> children, IndicatorDefinition definition, AlertIndex alerts, int limit)
    {
        var isLowWorst = IsLowWorst(definition);
        var ranked = children
            .OrderBy(child => child.Value is null)
            .ThenBy(child => isLowWorst ? child.Value : -child.Value)
            .ThenBy(child => child.Key.Path, StringComparer.Ordinal)
            .ToList();
        var decimals = Viewer.Decimals(ranked.Take(limit).Select(child => child.Value));
        var greatest = ranked.Select(child => Math.Abs(child.Value ?? 0)).DefaultIfEmpty().Max();
        return
        [
            .. ranked.Take(limit).Select(child => new RankedChild(
                child.Key.Path[(child.Key.Path.LastIndexOf('/') + 1)..],
                Viewer.Value(child.Value, definition.Unit, decimals),
                greatest > 0 ? Math.Round(Math.Abs(child.Value ?? 0) / greatest, 3) : 0,
                NodeLevel.Of(child.Key, child, alerts),
                NodeLink.To(child.Key))),
        ];
    }

    /// <summary>True when the first rule fears low values.</summary>
    public static bool IsLowWorst(IndicatorDefinition definition) =>
        definition.Rules is [{ Direction: RuleDirection.Below }, ..];
}
