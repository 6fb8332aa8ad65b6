using System.Collections.Immutable;
using Monitoring.Alerting;
using Monitoring.Indicators;

namespace Monitoring.Dictionary;

/// <summary>The words of a dictionary file, for reading and for writing.</summary>
internal static class DictionaryWords
{
    public static readonly ImmutableArray<string> FileFields = ["departments", "holidays", "calendars", "indicators"];
    public static readonly ImmutableArray<string> DepartmentFields = ["id", "name", "subscriptions"];
    public static readonly ImmutableArray<string> SubscriptionFields = ["indicator", "path", "level"];
    public static readonly ImmutableArray<string> TextFields = ["zh", "en"];
    public static readonly ImmutableArray<string> IndicatorFields =
        ["code", "name", "description", "unit", "statistic", "breakdown", "resolution", "calendar", "period", "more_periods", "compare", "year_ago", "better", "lateness", "owner", "rules"];
    public static readonly ImmutableArray<string> CalendarFields =
        ["id", "name", "time_zone", "day_starts", "week_starts", "year_starts", "months", "year_anchor", "weekend", "holidays"];
    public static readonly ImmutableArray<string> HolidayTableFields = ["id", "name", "days"];
    public static readonly ImmutableArray<string> HolidayFields = ["name", "from", "to", "workdays"];
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

    public static readonly ImmutableArray<(string Word, PeriodKind Value)> Periods =
    [
        ("day", PeriodKind.Day), ("week", PeriodKind.Week), ("month", PeriodKind.Month), ("quarter", PeriodKind.Quarter),
        ("year", PeriodKind.Year), ("life", PeriodKind.Life),
    ];

    public static readonly ImmutableArray<(string Word, PartialPeriod Value)> PartialPeriods =
        [("elapsed", PartialPeriod.Elapsed), ("working_time", PartialPeriod.WorkingTime), ("full", PartialPeriod.Full)];

    public static readonly ImmutableArray<(string Word, YearAlignment Value)> YearAlignments =
        [("date", YearAlignment.Date), ("spring_festival", YearAlignment.SpringFestival)];

    public static readonly ImmutableArray<(string Word, BetterDirection Value)> BetterDirections =
        [("none", BetterDirection.None), ("higher", BetterDirection.Higher), ("lower", BetterDirection.Lower)];

    public static readonly ImmutableArray<(string Word, DayOfWeek Value)> Weekdays =
    [
        ("monday", DayOfWeek.Monday), ("tuesday", DayOfWeek.Tuesday), ("wednesday", DayOfWeek.Wednesday), ("thursday", DayOfWeek.Thursday),
        ("friday", DayOfWeek.Friday), ("saturday", DayOfWeek.Saturday), ("sunday", DayOfWeek.Sunday),
    ];

    public static readonly ImmutableArray<(string Word, MonthPattern Value)> MonthPatterns =
    [
        ("calendar", MonthPattern.Calendar), ("4-4-5", MonthPattern.Weeks445), ("4-5-4", MonthPattern.Weeks454), ("5-4-4", MonthPattern.Weeks544),
    ];

    public static readonly ImmutableArray<(string Word, YearAnchor Value)> YearAnchors =
        [("nearest", YearAnchor.Nearest), ("on_or_before", YearAnchor.OnOrBefore)];

    /// <summary>From the lowest to the highest.</summary>
    public static readonly ImmutableArray<(string Word, AlertLevel Value)> Levels =
        [("info", AlertLevel.Info), ("warning", AlertLevel.Warning), ("critical", AlertLevel.Critical)];

    /// <summary>The value of a word; false when it is none of them.</summary>
    public static bool TryFind<T>(ImmutableArray<(string Word, T Value)> words, string word, out T value)
    {
        foreach (var (known, candidate) in words)
        {
            if (known == word)
            {
                value = candidate;
                return true;
            }
        }

        value = default!;
        return false;
    }

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
