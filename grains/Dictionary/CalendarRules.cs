using System.Collections.Frozen;
using System.Collections.Immutable;
using NodaTime;

namespace Monitoring.Dictionary;

/// <summary>What makes a calendar valid. Pure.</summary>
internal static class CalendarRules
{
    private const int LastDay = 28;
    private const int MostDaysOff = 6;
    private static readonly FrozenSet<string> TimeZones = DateTimeZoneProviders.Tzdb.Ids.ToFrozenSet();

    // Offsets of the last century follow local sun time in places and divide by nothing; nobody is judged on those days.
    private static readonly Instant OffsetsFrom = Instant.FromUtc(2000, 1, 1, 0, 0);
    private static readonly Instant OffsetsUntil = Instant.FromUtc(2100, 1, 1, 0, 0);

    /// <summary>Everything that is wrong except with its id.</summary>
    /// <param name="path">Field path of the calendar.</param>
    /// <param name="calendar">The calendar.</param>
    /// <param name="options">Limits.</param>
    public static IEnumerable<FieldMistake> Check(string path, CalendarDefinition calendar, DictionaryOptions options)
    {
        foreach (var mistake in TextRules.NameMistakes(FieldPath.Field(path, "name"), calendar.Name, options.MaxNameLength))
        {
            yield return mistake;
        }

        if (ZoneMistake(calendar.TimeZone) is { } zone)
        {
            yield return new FieldMistake(FieldPath.Field(path, "time_zone"), zone);
        }

        if (!IsDayStart(calendar.DayStart))
        {
            yield return new FieldMistake(FieldPath.Field(path, "day_starts"), $"is not a time of day in whole minutes; {TimeOfDayText.Allowed}");
        }

        if (!IsYearStart(calendar.YearStartMonth, calendar.YearStartDay))
        {
            yield return new FieldMistake(FieldPath.Field(path, "year_starts"), $"is not a day on which a year can begin; {MonthDayText.Allowed}");
        }

        foreach (var (field, isKnown, words) in new[]
        {
            ("week_starts", Enum.IsDefined(calendar.WeekStart), DictionaryWords.Weekdays.Select(pair => pair.Word)),
            ("months", Enum.IsDefined(calendar.Months), DictionaryWords.MonthPatterns.Select(pair => pair.Word)),
            ("year_anchor", Enum.IsDefined(calendar.YearAnchor), DictionaryWords.YearAnchors.Select(pair => pair.Word)),
        })
        {
            if (!isKnown)
            {
                yield return new FieldMistake(FieldPath.Field(path, field), $"is not one of them; write one of {string.Join(", ", words)}");
            }
        }

        foreach (var mistake in CheckWeekend(FieldPath.Field(path, "weekend"), calendar.Weekend))
        {
            yield return mistake;
        }

        if (calendar is { Months: MonthPattern.Calendar, YearAnchor: YearAnchor.OnOrBefore })
        {
            yield return new FieldMistake(
                FieldPath.Field(path, "year_anchor"), "says where a year of whole weeks begins; leave it out, or write months: 4-4-5");
        }
    }

    private static IEnumerable<FieldMistake> CheckWeekend(string path, ImmutableArray<DayOfWeek> weekend)
    {
        for (var index = 0; index < weekend.Length; index++)
        {
            if (!Enum.IsDefined(weekend[index]))
            {
                yield return new FieldMistake(
                    FieldPath.Item(path, index), $"is not a day of the week; write one of {string.Join(", ", DictionaryWords.Weekdays.Select(pair => pair.Word))}");
            }
        }

        if (weekend.Distinct().Count() != weekend.Length || weekend.Length > MostDaysOff)
        {
            yield return new FieldMistake(path, "must be a list of different days of the week, at most six of them, such as [saturday, sunday]; [] for none");
        }
    }

    /// <summary>True when a year can begin on a day: every month must have it.</summary>
    public static bool IsYearStart(int month, int day) => month is >= 1 and <= 12 && day is >= 1 and <= LastDay;

    /// <summary>True when a day can begin at a time from midnight.</summary>
    public static bool IsDayStart(TimeSpan time) =>
        time >= TimeSpan.Zero && time < TimeSpan.FromDays(1) && time.Ticks % TimeSpan.TicksPerMinute == 0;

    /// <summary>What is wrong with a time zone, or null.</summary>
    public static string? ZoneMistake(string timeZone) => TimeZones.Contains(timeZone) ? null
        : $"unknown time zone '{PatternRules.Shorten(timeZone)}'{NearestWord.Hint(timeZone, TimeZones)}; "
            + "write an IANA name such as Asia/Shanghai or UTC";

    /// <summary>What is wrong with days that begin inside a bucket, or null: buckets are aligned to UTC.</summary>
    /// <param name="timeZone">A time zone that there is.</param>
    /// <param name="dayStart">When days begin, from midnight.</param>
    /// <param name="resolution">Width of a bucket.</param>
    public static string? MisfitMistake(string timeZone, TimeSpan dayStart, TimeSpan resolution)
    {
        foreach (var interval in DateTimeZoneProviders.Tzdb[timeZone].GetZoneIntervals(OffsetsFrom, OffsetsUntil))
        {
            if ((dayStart.Ticks - interval.WallOffset.Ticks) % resolution.Ticks != 0)
            {
                var start = dayStart == TimeSpan.Zero ? string.Empty : $" at {TimeOfDayText.Format(dayStart)}";
                return $"days in {timeZone} begin{start} at {interval.WallOffset} from UTC, inside a bucket of {DurationText.Format(resolution)}; "
                    + "make the resolution divide that offset";
            }
        }

        return null;
    }

    /// <summary>Words for a calendar that is not there.</summary>
    public static string UnknownMistake(string name, IEnumerable<string> defined) =>
        $"there is no calendar '{PatternRules.Shorten(name)}', nor a time zone of that name{NearestWord.Hint(name, defined.Concat(TimeZones))}; "
        + "write the id of one in calendars, or an IANA time zone such as Asia/Shanghai";
}
