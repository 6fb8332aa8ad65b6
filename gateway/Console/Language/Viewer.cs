using System.Globalization;
using Monitoring.Alerting;
using Monitoring.Dictionary;
using Monitoring.Gateway.Indicators;
using Monitoring.Indicators;

namespace Monitoring.Gateway.Console.Language;

/// <summary>Who looks: their language, and how numbers, spans and names read in it. Times are written by the browser, in its zone.</summary>
public sealed record Viewer(ConsoleLanguage Language)
{
    private const string Nothing = "–";

    // Both languages group digits alike.
    private static readonly CultureInfo Numbers = CultureInfo.GetCultureInfo("en-US");

    /// <summary>The texts.</summary>
    public Texts Texts { get; } = Texts.In(Language);

    /// <summary>Language tag.</summary>
    public string Tag => LanguageChoice.Tag(Language);

    /// <summary>A name from the dictionary.</summary>
    public string Name(LocalizedText text) => text.In(Language == ConsoleLanguage.Chinese);

    /// <summary>The name of a department, or its id when the dictionary does not know it.</summary>
    public string Department(DictionarySnapshot dictionary, string id) =>
        dictionary.Departments.FirstOrDefault(department => department.Id == id) is { } found && Name(found.Name) is { Length: > 0 } name
            ? name
            : id;

    /// <summary>The name of an indicator, or its code when there is none.</summary>
    public string Indicator(IndicatorDefinition definition) => Name(definition.Name) is { Length: > 0 } name ? name : definition.Code;

    /// <summary>A text with its places filled.</summary>
    public static string Fill(string text, params ReadOnlySpan<object?> values) => string.Format(Numbers, text, values);

    /// <summary>A value with as many decimals as its size makes worth reading; a dash for none.</summary>
    public static string Value(double? value)
    {
        if (value is not { } number)
        {
            return Nothing;
        }

        var size = Math.Abs(number);
        var format = size switch
        {
            >= 1e15 => "0.####e+0",
            _ when number == Math.Floor(number) => "N0",
            >= 10_000 => "N0",
            >= 100 => "N1",
            >= 1 => "N2",
            >= 0.001 => "0.000",
            _ => "0.##e+0",
        };
        return number.ToString(format, Numbers);
    }

    /// <summary>A value and its unit, without a space before a percent sign.</summary>
    public static string Value(double? value, string unit) => WithUnit(value, Value(value), unit);

    /// <summary>A value in a column of values, see <see cref="Decimals"/>; a dash for none.</summary>
    public static string Value(double? value, int decimals) => value switch
    {
        null => Nothing,
        >= 1e15 or <= -1e15 => Value(value),
        { } number => (Math.Round(number, decimals) + 0.0).ToString($"N{decimals}", Numbers), // + 0.0: no "-0.00".
    };

    /// <summary>A value in a column of values, and its unit.</summary>
    public static string Value(double? value, string unit, int decimals) => WithUnit(value, Value(value, decimals), unit);

    /// <summary>
    /// The decimals that the values of one column share, so that they can be compared: as many as the greatest makes worth reading, none
    /// when all are whole.
    /// </summary>
    public static int Decimals(IEnumerable<double?> column)
    {
        var (greatest, isWhole) = (0.0, true);
        foreach (var value in column)
        {
            greatest = Math.Max(greatest, Math.Abs(value ?? 0));
            isWhole &= value is not { } number || number == Math.Floor(number);
        }

        return greatest switch
        {
            _ when isWhole => 0,
            >= 10_000 => 0,
            >= 100 => 1,
            >= 1 => 2,
            >= 0.001 => 3,
            _ => 6,
        };
    }

    /// <summary>A number of things.</summary>
    public static string Count(long count) => count.ToString("N0", Numbers);

    /// <summary>A span in its largest whole unit, with the next one where that is not zero.</summary>
    public string Span(TimeSpan span)
    {
        var (large, small) = span switch
        {
            { TotalDays: >= 1 } => (Fill(Texts.DurationDays, span.Days), span.Hours == 0 ? "" : Fill(Texts.DurationHours, span.Hours)),
            { TotalHours: >= 1 } => (Fill(Texts.DurationHours, span.Hours), span.Minutes == 0 ? "" : Fill(Texts.DurationMinutes, span.Minutes)),
            { TotalMinutes: >= 1 } => (Fill(Texts.DurationMinutes, span.Minutes), span.Seconds == 0 ? "" : Fill(Texts.DurationSeconds, span.Seconds)),
            _ => (Fill(Texts.DurationSeconds, Math.Round(span.TotalSeconds, 1)), ""),
        };
        return small.Length == 0 ? large : $"{large} {small}";
    }

    /// <summary>The word for a level.</summary>
    public string LevelText(AlertLevel level) => level switch
    {
        AlertLevel.Info => Texts.LevelInfo,
        AlertLevel.Warning => Texts.LevelWarning,
        AlertLevel.Critical => Texts.LevelCritical,
        _ => Texts.LevelNone,
    };

    /// <summary>What a statistic does, in words.</summary>
    public string StatisticText(Statistic statistic) => statistic switch
    {
        Statistic.Sum => Texts.StatisticSum,
        Statistic.Average => Texts.StatisticAverage,
        Statistic.Count => Texts.StatisticCount,
        Statistic.Min => Texts.StatisticMin,
        Statistic.Max => Texts.StatisticMax,
        _ => Texts.StatisticLast,
    };

    /// <summary>A period in words.</summary>
    public string PeriodText(Period period) => period.Kind switch
    {
        PeriodKind.Rolling => Fill(Texts.PeriodRolling, Span(period.Length)),
        PeriodKind.Day when period.TimeZone.Length > 0 => Fill(Texts.PeriodDay, period.TimeZone),
        PeriodKind.Day => Texts.PeriodThisDay,
        PeriodKind.Week => Texts.PeriodThisWeek,
        PeriodKind.Month => Texts.PeriodThisMonth,
        PeriodKind.Quarter => Texts.PeriodThisQuarter,
        PeriodKind.Year => Texts.PeriodThisYear,
        _ => Texts.PeriodLife,
    };

    /// <summary>A change in percent against an earlier period; one that has a percentage.</summary>
    internal string ChangeText(Comparison change) => Fill(
        change.With == ComparisonBase.Previous ? Texts.ChangePrevious : Texts.ChangeYear,
        change.Percent!.Value.ToString("+#,0.0;−#,0.0;0.0", Numbers) + " %");

    /// <summary>A threshold with the sign of its side.</summary>
    public static string Threshold(RuleDirection direction, double? threshold, string unit) =>
        threshold is null ? Nothing : $"{(direction == RuleDirection.Above ? '≥' : '≤')} {Value(threshold, unit)}";

    /// <summary>Where a level ends, with the sign of its side.</summary>
    public static string Exit(RuleDirection direction, double? threshold, string unit) =>
        $"{(direction == RuleDirection.Above ? '<' : '>')} {Value(threshold, unit)}";

    private static string WithUnit(double? value, string text, string unit) => (value, unit) switch
    {
        (null, _) or (_, "") => text,
        (_, "%") => text + unit,
        _ => $"{text} {unit}",
    };
}
