using Monitoring.Alerting;
using Monitoring.Dictionary;
using Monitoring.Gateway.Console.Indicators;
using Monitoring.Gateway.Console.Language;

namespace Monitoring.Gateway.Console.Alerts;

/// <summary>An alert as a list shows it; compares by what is shown.</summary>
public sealed record AlertRow
{
    /// <summary>Identity of the alert.</summary>
    public required string Id { get; init; }

    /// <summary>Present level; of a resolved alert the one that ended.</summary>
    public required AlertLevel Level { get; init; }

    /// <summary>Highest level of its life.</summary>
    public required AlertLevel PeakLevel { get; init; }

    /// <summary>Name of the indicator.</summary>
    public required string Indicator { get; init; }

    /// <summary>Path of the node; empty for the whole.</summary>
    public required string Path { get; init; }

    /// <summary>Name of the rule.</summary>
    public required string Rule { get; init; }

    /// <summary>The judged value with its unit.</summary>
    public required string Value { get; init; }

    /// <summary>The threshold with its sign and unit.</summary>
    public required string Threshold { get; init; }

    /// <summary>When it began, milliseconds since 1970-01-01T00:00:00Z.</summary>
    public required long StartedAt { get; init; }

    /// <summary>When it last changed, milliseconds since 1970-01-01T00:00:00Z.</summary>
    public required long ChangedAt { get; init; }

    /// <summary>The last step that came from the node.</summary>
    public required TransitionKind Kind { get; init; }

    /// <summary>Who acknowledged; empty when nobody did.</summary>
    public required string Person { get; init; }

    /// <summary>What they said.</summary>
    public required string Comment { get; init; }

    /// <summary>Address of the node's page.</summary>
    public required string Link { get; init; }

    /// <summary>True when it entered a list somebody was already looking at.</summary>
    public bool IsNew { get; init; }

    /// <summary>True until it is resolved.</summary>
    public bool IsOpen => Kind != TransitionKind.Resolved;

    /// <summary>Indicator and path in one line.</summary>
    public string Title => Path.Length == 0 ? Indicator : $"{Indicator} · {Path}";

    /// <summary>
    /// The rows of a list, in its order, each with the code of its indicator. Values of one indicator share their decimals, so that
    /// they can be compared; what the dictionary no longer knows is shown by its code.
    /// </summary>
    public static IEnumerable<(AlertRow Row, string Code)> ListOf(
        IReadOnlyCollection<Alert> alerts, DictionarySnapshot dictionary, Viewer viewer)
    {
        var decimals = alerts.GroupBy(alert => alert.Last.Node.Code, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => Viewer.Decimals(group.Select(alert => alert.Last.Value)), StringComparer.Ordinal);
        return alerts.Select(alert => (Of(alert, dictionary, viewer, decimals[alert.Last.Node.Code]), alert.Last.Node.Code));
    }

    private static AlertRow Of(Alert alert, DictionarySnapshot dictionary, Viewer viewer, int decimals)
    {
        var last = alert.Last;
        var definition = dictionary.Find(last.Node.Code);
        var rule = definition?.Rules.FirstOrDefault(rule => rule.Id == last.Rule);
        var unit = definition?.Unit ?? string.Empty;
        return new AlertRow
        {
            Id = alert.Id,
            Level = last.Level,
            PeakLevel = last.PeakLevel,
            Indicator = definition is null ? last.Node.Code : viewer.Indicator(definition),
            Path = last.Node.Path,
            Rule = rule is not null && viewer.Name(rule.Name) is { Length: > 0 } name ? name : last.Rule,
            Value = Viewer.Value(last.Value, unit, decimals),
            Threshold = ThresholdOf(last, rule?.Direction ?? RuleDirection.Above, unit),
            StartedAt = last.StartedAt,
            ChangedAt = alert.ChangedAt,
            Kind = last.Kind,
            Person = alert.Acknowledgement?.Person ?? string.Empty,
            Comment = alert.Acknowledgement?.Comment ?? string.Empty,
            Link = NodeLink.To(last.Node),
        };
    }

    /// <summary>
    /// A level begins at its threshold and ends behind it. One that ended for another reason, because the period holds too few points,
    /// crossed none.
    /// </summary>
    private static string ThresholdOf(AlertTransition last, RuleDirection direction, string unit)
    {
        if (last.Kind is not (TransitionKind.Deescalated or TransitionKind.Resolved))
        {
            return Viewer.Threshold(direction, last.Threshold, unit);
        }

        var isBehind = direction == RuleDirection.Above ? last.Value < last.Threshold : last.Value > last.Threshold;
        return isBehind ? Viewer.Exit(direction, last.Threshold, unit) : string.Empty;
    }
}
