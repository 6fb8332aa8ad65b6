using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Monitoring.Dictionary;

/// <summary>
/// Writes a valid content as a dictionary file. <see cref="DictionaryYaml"/> reads the same content back, so equal texts mean equal
/// contents.
/// </summary>
internal sealed class DictionaryYamlWriter
{
    private readonly StringBuilder _text = new();

    /// <summary>The whole file.</summary>
    public static string Write(DictionaryContent content) => TextOf(writer =>
    {
        writer.WriteList("departments", content.Departments, writer.WriteDepartment, isRequired: true);
        writer.WriteList("holidays", content.Holidays, writer.WriteHolidayTable, isRequired: false);
        writer.WriteList("calendars", content.Calendars, writer.WriteCalendar, isRequired: false);
        writer.WriteList("indicators", content.Indicators, writer.WriteIndicator, isRequired: true);
    });

    /// <summary>One department, as it stands in the file.</summary>
    public static string Write(DepartmentDefinition department) => TextOf(writer => writer.WriteDepartment(department));

    /// <summary>One table of holidays, as it stands in the file.</summary>
    public static string Write(HolidayTable table) => TextOf(writer => writer.WriteHolidayTable(table));

    /// <summary>All that a calendar holds: as it stands in the file, and the holidays that the file only names.</summary>
    public static string WriteWhole(CalendarDefinition calendar) => TextOf(writer =>
    {
        writer.WriteCalendar(calendar);
        writer.WriteHolidays(calendar.Holidays);
    });

    /// <summary>One indicator, as it stands in the file.</summary>
    public static string Write(IndicatorDefinition indicator) => TextOf(writer => writer.WriteIndicator(indicator));

    private static string TextOf(Action<DictionaryYamlWriter> write)
    {
        var writer = new DictionaryYamlWriter();
        write(writer);
        return writer._text.ToString();
    }

    private void WriteList<T>(string name, ImmutableArray<T> items, Action<T> write, bool isRequired)
    {
        if (!items.IsEmpty || isRequired)
        {
            Line(0, items.IsEmpty ? $"{name}: []" : $"{name}:");
            foreach (var item in items)
            {
                write(item);
            }
        }
    }

    private void WriteDepartment(DepartmentDefinition department)
    {
        Line(1, $"- id: {YamlText.Of(department.Id)}");
        Line(2, $"name: {Text(department.Name)}");
        if (!department.Subscriptions.IsEmpty)
        {
            Line(2, "subscriptions:");
            foreach (var subscription in department.Subscriptions)
            {
                var level = DictionaryWords.Of(DictionaryWords.Levels, subscription.Level);
                Line(3, $"- {{ indicator: {YamlText.Of(subscription.Indicator)}, path: {YamlText.Of(subscription.Path)}, level: {level} }}");
            }
        }
    }

    private void WriteCalendar(CalendarDefinition calendar)
    {
        Line(1, $"- id: {YamlText.Of(calendar.Id)}");
        Line(2, $"name: {Text(calendar.Name)}");
        Line(2, $"time_zone: {YamlText.Of(calendar.TimeZone)}");
        Line(2, $"day_starts: {YamlText.Of(TimeOfDayText.Format(calendar.DayStart))}");
        Line(2, $"week_starts: {DictionaryWords.Of(DictionaryWords.Weekdays, calendar.WeekStart)}");
        Line(2, $"year_starts: {YamlText.Of(MonthDayText.Format(calendar.YearStartMonth, calendar.YearStartDay))}");
        Line(2, $"months: {DictionaryWords.Of(DictionaryWords.MonthPatterns, calendar.Months)}");
        if (calendar.Months != MonthPattern.Calendar)
        {
            Line(2, $"year_anchor: {DictionaryWords.Of(DictionaryWords.YearAnchors, calendar.YearAnchor)}");
        }

        Line(2, $"weekend: [{string.Join(", ", calendar.Weekend.Select(day => DictionaryWords.Of(DictionaryWords.Weekdays, day)))}]");
        if (calendar.HolidayTable.Length > 0)
        {
            Line(2, $"holidays: {YamlText.Of(calendar.HolidayTable)}");
        }
    }

    private void WriteHolidayTable(HolidayTable table)
    {
        Line(1, $"- id: {YamlText.Of(table.Id)}");
        Line(2, $"name: {Text(table.Name)}");
        Line(2, table.Days.IsEmpty ? "days: []" : "days:");
        WriteHolidays(table.Days);
    }

    private void WriteHolidays(ImmutableArray<Holiday> holidays)
    {
        foreach (var holiday in holidays)
        {
            var workdays = string.Join(", ", holiday.Workdays.Select(DateText.Format));
            Line(3, $"- {{ name: {Text(holiday.Name)}, from: {DateText.Format(holiday.From)}, to: {DateText.Format(holiday.To)}, workdays: [{workdays}] }}");
        }
    }

    private void WriteIndicator(IndicatorDefinition indicator)
    {
        Line(1, $"- code: {YamlText.Of(indicator.Code)}");
        Line(2, $"name: {Text(indicator.Name)}");
        if (indicator.Description.Zh.Length + indicator.Description.En.Length > 0)
        {
            Line(2, $"description: {Text(indicator.Description)}");
        }

        if (indicator.Unit.Length > 0)
        {
            Line(2, $"unit: {YamlText.Of(indicator.Unit)}");
        }

        Line(2, $"statistic: {DictionaryWords.Of(DictionaryWords.Statistics, indicator.Statistic)}");
        if (!indicator.Breakdown.IsEmpty)
        {
            Line(2, $"breakdown: [{string.Join(", ", indicator.Breakdown.Select(YamlText.Of))}]");
        }

        Line(2, $"resolution: {DurationText.Format(indicator.Resolution)}");
        if (indicator.Calendar is { } calendar)
        {
            Line(2, $"calendar: {YamlText.Of(calendar.Id)}");
        }

        Line(2, $"period: {Text(indicator.Period)}");
        if (!indicator.MorePeriods.IsEmpty)
        {
            Line(2, $"more_periods: [{string.Join(", ", indicator.MorePeriods.Select(Text))}]");
        }

        if (indicator.ComparedPart != PartialPeriod.Elapsed)
        {
            Line(2, $"compare: {DictionaryWords.Of(DictionaryWords.PartialPeriods, indicator.ComparedPart)}");
        }

        if (indicator.YearAlignment != YearAlignment.Date)
        {
            Line(2, $"year_ago: {DictionaryWords.Of(DictionaryWords.YearAlignments, indicator.YearAlignment)}");
        }

        if (indicator.Better != BetterDirection.None)
        {
            Line(2, $"better: {DictionaryWords.Of(DictionaryWords.BetterDirections, indicator.Better)}");
        }

        if (indicator.Lateness != IndicatorDefinition.DefaultLateness)
        {
            Line(2, $"lateness: {DurationText.Format(indicator.Lateness)}");
        }

        Line(2, $"owner: {YamlText.Of(indicator.Owner)}");
        if (!indicator.Rules.IsEmpty)
        {
            Line(2, "rules:");
            foreach (var rule in indicator.Rules)
            {
                WriteRule(rule);
            }
        }
    }

    private static string Text(Period period) => period switch
    {
        { Kind: PeriodKind.Rolling } => $"{{ rolling: {DurationText.Format(period.Length)} }}",
        { TimeZone.Length: > 0 } => $"{{ day: {YamlText.Of(period.TimeZone)} }}",
        _ => DictionaryWords.Of(DictionaryWords.Periods, period.Kind)!,
    };

    private void WriteRule(RuleDefinition rule)
    {
        Line(3, $"- id: {YamlText.Of(rule.Id)}");
        Line(4, $"name: {Text(rule.Name)}");
        if (rule.Path != PathPattern.Everything)
        {
            Line(4, $"path: {YamlText.Of(rule.Path)}");
        }

        Line(4, $"when: {DictionaryWords.Of(DictionaryWords.Directions, rule.Direction)}");
        if (rule.MinPoints > 0)
        {
            Line(4, string.Create(CultureInfo.InvariantCulture, $"min_points: {rule.MinPoints}"));
        }

        Line(4, "levels:");
        foreach (var level in rule.Levels)
        {
            var holdFor = level.For > TimeSpan.Zero ? $", for: {DurationText.Format(level.For)}" : string.Empty;
            var word = DictionaryWords.Of(DictionaryWords.Levels, level.Level);
            Line(5, $"{word}: {{ enter: {YamlText.Of(level.Enter)}, exit: {YamlText.Of(level.Exit)}{holdFor} }}");
        }
    }

    private void Line(int depth, string text) => _text.Append(' ', depth * 2).Append(text).Append('\n');

    private static string Text(LocalizedText text)
    {
        if (text.Zh == text.En)
        {
            return YamlText.Of(text.Zh);
        }

        var fields = new List<string>();
        if (text.Zh.Length > 0)
        {
            fields.Add($"zh: {YamlText.Of(text.Zh)}");
        }

        if (text.En.Length > 0)
        {
            fields.Add($"en: {YamlText.Of(text.En)}");
        }

        return $"{{ {string.Join(", ", fields)} }}";
    }
}
