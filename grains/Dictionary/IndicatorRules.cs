using System.Collections.Immutable;
using Monitoring.Indicators;

namespace Monitoring.Dictionary;

/// <summary>What makes the definition of one indicator valid. Pure.</summary>
internal static class IndicatorRules
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>Everything that is wrong except with its code.</summary>
    /// <param name="path">Field path of the indicator.</param>
    /// <param name="indicator">The definition.</param>
    /// <param name="departments">Ids that an owner may name; null when they are not known.</param>
    /// <param name="calendars">Calendars that are defined.</param>
    /// <param name="options">Limits.</param>
    public static IEnumerable<FieldMistake> Check(
        string path, IndicatorDefinition indicator, HashSet<string>? departments, ImmutableArray<CalendarDefinition> calendars, DictionaryOptions options)
    {
        var rules = FieldPath.Field(path, "rules");
        return TextRules.NameMistakes(FieldPath.Field(path, "name"), indicator.Name, options.MaxNameLength)
            .Concat(TextRules.Mistakes(FieldPath.Field(path, "description"), indicator.Description, options.MaxDescriptionLength, isMultiline: true))
            .Concat(CheckUnitAndStatistic(path, indicator, options))
            .Concat(CheckBreakdown(FieldPath.Field(path, "breakdown"), indicator.Breakdown, options))
            .Concat(CheckResolution(FieldPath.Field(path, "resolution"), indicator.Resolution))
            .Concat(CheckCalendar(FieldPath.Field(path, "calendar"), indicator, calendars))
            .Concat(CheckPeriods(path, indicator, options))
            .Concat(CheckLateness(FieldPath.Field(path, "lateness"), indicator.Lateness))
            .Concat(CheckOwner(FieldPath.Field(path, "owner"), indicator.Owner, departments))
            .Concat(DictionaryRules.CheckCount(rules, indicator.Rules.Length, options.MaxRules))
            .Concat(CheckRules(rules, indicator, options));
    }

    private static IEnumerable<FieldMistake> CheckUnitAndStatistic(string path, IndicatorDefinition indicator, DictionaryOptions options)
    {
        if (TextRules.Mistake(indicator.Unit, options.MaxUnitLength) is { } mistake)
        {
            yield return new FieldMistake(FieldPath.Field(path, "unit"), mistake);
        }

        if (!Enum.IsDefined(indicator.Statistic))
        {
            yield return new FieldMistake(FieldPath.Field(path, "statistic"), "is not a statistic; write one of sum, average, count, min, max, last");
        }

        if (!Enum.IsDefined(indicator.ComparedPart))
        {
            yield return new FieldMistake(FieldPath.Field(path, "compare"), "is not a part of a period; write one of elapsed, working_time, full");
        }

        if (!Enum.IsDefined(indicator.YearAlignment))
        {
            yield return new FieldMistake(FieldPath.Field(path, "year_ago"), "is not a way to find the year before; write one of date, spring_festival");
        }

        if (!Enum.IsDefined(indicator.Better))
        {
            yield return new FieldMistake(FieldPath.Field(path, "better"), "is not a direction; write one of none, higher, lower");
        }
    }

    private static IEnumerable<FieldMistake> CheckBreakdown(string path, ImmutableArray<string> breakdown, DictionaryOptions options)
    {
        if (breakdown.Length > NodeKey.MaxDepth)
        {
            yield return new FieldMistake(path, $"has {breakdown.Length} dimensions, at most {NodeKey.MaxDepth} are allowed");
        }

        var names = new HashSet<string>();
        for (var index = 0; index < breakdown.Length; index++)
        {
            var name = breakdown[index];
            var mistake = string.IsNullOrWhiteSpace(name) ? "is empty; give the dimension a name"
                : name.Contains('/', StringComparison.Ordinal) ? $"'{PatternRules.Shorten(name)}' has a '/', which joins dimensions; leave it out"
                : TextRules.Mistake(name, options.MaxNameLength)
                ?? (names.Add(name) ? null : $"'{name}' is a dimension already; every dimension stands once");
            if (mistake is not null)
            {
                yield return new FieldMistake(FieldPath.Item(path, index), mistake);
            }
        }
    }

    private static IEnumerable<FieldMistake> CheckResolution(string path, TimeSpan resolution)
    {
        if (!IsValidResolution(resolution))
        {
            yield return new FieldMistake(
                path, "must be 1s to 1d and divide a day evenly, for example 1s, 10s, 1m, 5m, 15m, 1h or 1d");
        }
    }

    private static IEnumerable<FieldMistake> CheckLateness(string path, TimeSpan lateness)
    {
        if (lateness < TimeSpan.FromSeconds(1) || lateness > IndicatorDefinition.LongestLateness || !IsWholeMilliseconds(lateness))
        {
            yield return new FieldMistake(
                path, $"must be 1s to {DurationText.Format(IndicatorDefinition.LongestLateness)}; write how late a point may come and still count at once");
        }
    }

    private static bool IsValidResolution(TimeSpan resolution) =>
        resolution >= TimeSpan.FromSeconds(1) && resolution <= Day && Day.Ticks % resolution.Ticks == 0 && IsWholeMilliseconds(resolution);

    private static IEnumerable<FieldMistake> CheckCalendar(
        string path, IndicatorDefinition indicator, ImmutableArray<CalendarDefinition> calendars)
    {
        if (indicator.Calendar is not { } calendar)
        {
            yield break;
        }

        if (CalendarRules.ZoneMistake(calendar.TimeZone) is not null)
        {
            // The mistake of a calendar that is defined, or may be one that has no readable id, is told there.
            if (!calendars.Any(defined => defined.Id == calendar.Id || defined.Id.Length == 0))
            {
                yield return new FieldMistake(path, CalendarRules.UnknownMistake(calendar.Id, calendars.Select(defined => defined.Id)));
            }
        }
        else if (IsValidResolution(indicator.Resolution)
            && CalendarRules.IsDayStart(calendar.DayStart)
            && CalendarRules.MisfitMistake(calendar.TimeZone, calendar.DayStart, indicator.Resolution) is { } misfit)
        {
            yield return new FieldMistake(path, misfit);
        }
    }

    private static IEnumerable<FieldMistake> CheckPeriods(string path, IndicatorDefinition indicator, DictionaryOptions options)
    {
        var more = FieldPath.Field(path, "more_periods");
        foreach (var mistake in CheckPeriod(FieldPath.Field(path, "period"), indicator.Period, indicator, options)
            .Concat(DictionaryRules.CheckCount(more, indicator.MorePeriods.Length, options.MaxMorePeriods)))
        {
            yield return mistake;
        }

        var known = new HashSet<Period> { indicator.Period with { TimeZone = string.Empty } };
        for (var index = 0; index < indicator.MorePeriods.Length; index++)
        {
            var (item, period) = (FieldPath.Item(more, index), indicator.MorePeriods[index]);
            if (period.TimeZone.Length > 0)
            {
                yield return new FieldMistake(item, "the time zone is the calendar's; write day, and calendar: with the time zone");
                continue;
            }

            foreach (var mistake in CheckPeriod(item, period, indicator, options))
            {
                yield return mistake;
            }

            if (!known.Add(period))
            {
                yield return new FieldMistake(item, "is there already; every period stands once");
            }
        }
    }

    private static IEnumerable<FieldMistake> CheckPeriod(string path, Period period, IndicatorDefinition indicator, DictionaryOptions options) =>
        period.Kind switch
        {
            PeriodKind.Rolling => CheckRolling(FieldPath.Field(path, "rolling"), period, indicator.Resolution, options),
            PeriodKind.Day when period.TimeZone.Length > 0 => CheckPlainDay(FieldPath.Field(path, "day"), period, indicator),
            >= PeriodKind.Day and <= PeriodKind.Life => CheckOfCalendar(path, period, indicator),
            _ => [new FieldMistake(path, "is not a period; write { rolling: 1h }, or day, week, month, quarter, year or life of the calendar")],
        };

    private static IEnumerable<FieldMistake> CheckOfCalendar(string path, Period period, IndicatorDefinition indicator)
    {
        if (period.Length != TimeSpan.Zero)
        {
            yield return new FieldMistake(path, "a period of the calendar has no length of its own; leave it out");
        }

        if (!indicator.HasCalendar)
        {
            yield return new FieldMistake(path, "is a period of a calendar, and the indicator has none; write calendar: with one, or with a time zone");
        }
    }

    private static IEnumerable<FieldMistake> CheckRolling(string path, Period period, TimeSpan resolution, DictionaryOptions options)
    {
        if (period.TimeZone.Length > 0)
        {
            yield return new FieldMistake(path, "a rolling period has no time zone; leave it out");
        }

        if (period.Length <= TimeSpan.Zero)
        {
            yield return new FieldMistake(path, "must be longer than zero");
        }
        else if (IsValidResolution(resolution) && period.Length.Ticks % resolution.Ticks != 0)
        {
            yield return new FieldMistake(
                path,
                $"{period.Length.TotalSeconds} s is not a multiple of the resolution, {DurationText.Format(resolution)}; "
                + "a period is made of whole buckets");
        }
        else if (IsValidResolution(resolution) && period.Length / resolution > options.MaxPeriodBuckets)
        {
            yield return new FieldMistake(
                path,
                $"{DurationText.Format(period.Length)} is {period.Length / resolution} buckets of {DurationText.Format(resolution)}, "
                + $"at most {options.MaxPeriodBuckets} are allowed; make the period shorter or the resolution coarser");
        }
    }

    private static IEnumerable<FieldMistake> CheckPlainDay(string path, Period period, IndicatorDefinition indicator)
    {
        if (period.Length != TimeSpan.Zero)
        {
            yield return new FieldMistake(path, "a day has no length of its own; leave it out");
        }

        if (indicator.Calendar is not null)
        {
            yield return new FieldMistake(path, "the time zone is the calendar's already; write period: day");
        }
        else if (CalendarRules.ZoneMistake(period.TimeZone) is { } unknown)
        {
            yield return new FieldMistake(path, unknown);
        }
        else if (IsValidResolution(indicator.Resolution)
            && CalendarRules.MisfitMistake(period.TimeZone, TimeSpan.Zero, indicator.Resolution) is { } misfit)
        {
            yield return new FieldMistake(path, misfit);
        }
    }

    private static IEnumerable<FieldMistake> CheckOwner(string path, string owner, HashSet<string>? departments)
    {
        if (departments is not null && !departments.Contains(owner))
        {
            yield return new FieldMistake(
                path, $"there is no department '{PatternRules.Shorten(owner)}'{NearestWord.Hint(owner, departments)}; write the id of one in departments");
        }
        else if (owner.Length == 0)
        {
            yield return new FieldMistake(path, "is empty; write the id of a department");
        }
    }

    private static IEnumerable<FieldMistake> CheckRules(string path, IndicatorDefinition indicator, DictionaryOptions options)
    {
        var ids = new HashSet<string>();

        // Without a readable breakdown nothing can be said about the depth of a path.
        var maxDepth = indicator.Breakdown.Contains(string.Empty) ? NodeKey.MaxDepth : indicator.Breakdown.Length;
        for (var index = 0; index < indicator.Rules.Length; index++)
        {
            var item = FieldPath.Item(path, index);
            foreach (var mistake in DictionaryRules.CheckCode(FieldPath.Field(item, "id"), indicator.Rules[index].Id, ids)
                .Concat(ThresholdRules.Check(item, indicator.Rules[index], maxDepth, options)))
            {
                yield return mistake;
            }
        }
    }

    private static bool IsWholeMilliseconds(TimeSpan span) => span.Ticks % TimeSpan.TicksPerMillisecond == 0;
}
