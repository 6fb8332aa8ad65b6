using System.Collections.Immutable;
using Monitoring.Alerting;
using Monitoring.Indicators;

namespace Monitoring.Dictionary;

/// <summary>The words of a dictionary file, for reading and for writing.</summary>
internal static class DictionaryWords
{
    public static readonly ImmutableArray<string> FileFields = ["departments", "indicators"];
    public static readonly ImmutableArray<string> DepartmentFields = ["id", "name", "subscriptions"];
    public static readonly ImmutableArray<string> SubscriptionFields = ["indicator", "path", "level"];
    public static readonly ImmutableArray<string> TextFields = ["zh", "en"];
    public static readonly ImmutableArray<string> IndicatorFields =
        ["code", "name", "description", "unit", "statistic", "breakdown", "resolution", "period", "lateness", "owner", "rules"];
    public static readonly ImmutableArray<string> PeriodFields = ["rolling", "day"];
    public static readonly ImmutableArray<string> RuleFields = ["id", "name", "path", "when", "min_points", "levels"];
    public static readonly ImmutableArray<string> LevelFields = ["enter", "exit", "for"];

    public static readonly ImmutableArray<(string Word, Statistic Value)> Statistics =
    [
        ("sum", Statistic.Sum), ("average", Statistic.Average), ("count", Statistic.Count),
        ("min", Statistic.Min), ("max", Statistic.Max), ("last", Statistic.Last),
    ];

    public static readonly ImmutableArray<(string Word, RuleDirection Value)> Directions =
        [("above", RuleDirection.Above), ("below", RuleDirection.Below)];

    /// <summary>From the lowest to the highest.</summary>
    public static readonly ImmutableArray<(string Word, AlertLevel Value)> Levels =
        [("info", AlertLevel.Info), ("warning", AlertLevel.Warning), ("critical", AlertLevel.Critical)];

    /// <summary>The word of a value, or null when it has none.</summary>
    public static string? Of<T>(ImmutableArray<(string Word, T Value)> words, T value)
    {
        foreach (var (word, candidate) in words)
        {
            if (EqualityComparer<T>.Default.Equals(candidate, value))
            {
                return word;
            }
        }

        return null;
    }
}
