using System.Globalization;
using Monitoring.Dictionary;
using Wire = Monitoring.Protocol.V1;

namespace Monitoring.Gateway.Dictionary;

/// <summary>Calendars and periods in the words of the protocol, and back.</summary>
internal static class CalendarMapping
{
    private const string DateForm = "yyyy-MM-dd";

    /// <summary>What is wrong with a period that <see cref="IsSet"/> finds missing.</summary>
    public const string NotSet = "not set; expected rolling_ms, day_time_zone or calendar";

    /// <summary>True when a period says which one it is.</summary>
    public static bool IsSet(Wire.Period? period) => period?.KindCase switch
    {
        Wire.Period.KindOneofCase.RollingMs or Wire.Period.KindOneofCase.DayTimeZone => true,
        Wire.Period.KindOneofCase.Calendar => period.Calendar != Wire.CalendarPeriod.Unspecified,
        _ => false,
    };

    public static Wire.Period ToWire(Period period) => period switch
    {
        { Kind: PeriodKind.Rolling } => new Wire.Period { RollingMs = (long)period.Length.TotalMilliseconds },
        { TimeZone.Length: > 0 } => new Wire.Period { DayTimeZone = period.TimeZone },
        _ => new Wire.Period { Calendar = (Wire.CalendarPeriod)period.Kind },
    };

    public static Period ToDomain(Wire.Period? wire) => wire?.KindCase switch
    {
        Wire.Period.KindOneofCase.DayTimeZone => new Period { Kind = PeriodKind.Day, TimeZone = wire.DayTimeZone },
        Wire.Period.KindOneofCase.Calendar => new Period { Kind = ToDomain(wire.Calendar) },
        _ => new Period { Kind = PeriodKind.Rolling, Length = DictionaryMapping.ToDuration(wire?.RollingMs ?? 0) },
    };

    /// <summary>A kind of period; both sides number them alike.</summary>
    public static PeriodKind ToDomain(Wire.CalendarPeriod period) => (PeriodKind)period;

    public static Wire.Calendar ToWire(CalendarDefinition calendar) => new()
    {
        Id = calendar.Id,
        Name = DictionaryMapping.ToWire(calendar.Name),
        TimeZone = calendar.TimeZone,
        DayStartMinutes = (uint)calendar.DayStart.TotalMinutes,
        WeekStart = ToWire(calendar.WeekStart),
        YearStartMonth = (uint)calendar.YearStartMonth,
        YearStartDay = (uint)calendar.YearStartDay,
        Months = (Wire.MonthPattern)((int)calendar.Months + 1),
        YearAnchor = (Wire.YearAnchor)((int)calendar.YearAnchor + 1),
        Weekend = new Wire.WeekendDays { Days = { calendar.Weekend.Select(ToWire) } },
        Holidays = calendar.HolidayTable,
    };

    public static Wire.HolidayTable ToWire(HolidayTable table) => new()
    {
        Id = table.Id,
        Name = DictionaryMapping.ToWire(table.Name),
        Days = { table.Days.Select(ToWire) },
    };

    public static HolidayTable ToDomain(Wire.HolidayTable wire) => new()
    {
        Id = wire.Id,
        Name = DictionaryMapping.ToDomain(wire.Name),
        Days = [.. wire.Days.Select(ToDomain)],
    };

    /// <summary>Texts of holidays that are no dates.</summary>
    public static IEnumerable<(string Field, string Message)> UnreadableDates(Wire.DictionaryContent content)
    {
        for (var t = 0; t < content.Holidays.Count; t++)
        {
            for (var d = 0; d < content.Holidays[t].Days.Count; d++)
            {
                var (field, day) = ($"holidays[{t}].days[{d}]", content.Holidays[t].Days[d]);
                foreach (var (name, text) in day.Workdays.Select((text, index) => ($"workdays[{index}]", text))
                    .Prepend(("to", day.To)).Prepend(("from", day.From)))
                {
                    if (!TryParse(text, out _) && !(name == "to" && text.Length == 0))
                    {
                        yield return ($"{field}.{name}", $"'{text}' is not a date; expected one such as 2026-02-17");
                    }
                }
            }
        }
    }

    private static Wire.Holiday ToWire(Holiday holiday) => new()
    {
        Name = DictionaryMapping.ToWire(holiday.Name),
        From = Text(holiday.From),
        To = Text(holiday.To),
        Workdays = { holiday.Workdays.Select(Text) },
    };

    private static Holiday ToDomain(Wire.Holiday wire) => new()
    {
        Name = DictionaryMapping.ToDomain(wire.Name),
        From = Date(wire.From),
        To = Date(wire.To.Length == 0 ? wire.From : wire.To),
        Workdays = [.. wire.Workdays.Select(Date)],
    };

    private static string Text(DateOnly date) => date.ToString(DateForm, CultureInfo.InvariantCulture);

    private static DateOnly Date(string text) => TryParse(text, out var date) ? date : default;

    private static bool TryParse(string text, out DateOnly date) =>
        DateOnly.TryParseExact(text, DateForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out date);

    private static Wire.Weekday ToWire(DayOfWeek day) => day == DayOfWeek.Sunday ? Wire.Weekday.Sunday : (Wire.Weekday)day;

    private static DayOfWeek ToDomain(Wire.Weekday day) => day switch
    {
        Wire.Weekday.Sunday => DayOfWeek.Sunday,
        Wire.Weekday.Unspecified => (DayOfWeek)(-1), // Refused as no day of the week.
        _ => (DayOfWeek)day,
    };

    public static CalendarDefinition ToDomain(Wire.Calendar wire)
    {
        var hasYearStart = (wire.YearStartMonth, wire.YearStartDay) != (0, 0);
        return new CalendarDefinition
        {
            Id = wire.Id,
            Name = DictionaryMapping.ToDomain(wire.Name),
            TimeZone = wire.TimeZone,
            DayStart = TimeSpan.FromMinutes(wire.DayStartMinutes),
            WeekStart = wire.WeekStart == Wire.Weekday.Unspecified ? DayOfWeek.Monday : ToDomain(wire.WeekStart),
            YearStartMonth = hasYearStart ? Clamped(wire.YearStartMonth) : 1,
            YearStartDay = hasYearStart ? Clamped(wire.YearStartDay) : 1,
            Months = wire.Months == Wire.MonthPattern.Unspecified ? MonthPattern.Calendar : (MonthPattern)((int)wire.Months - 1),
            YearAnchor = wire.YearAnchor == Wire.YearAnchor.Unspecified ? YearAnchor.Nearest : (YearAnchor)((int)wire.YearAnchor - 1),
            Weekend = wire.Weekend is null ? CalendarDefinition.UsualWeekend : [.. wire.Weekend.Days.Select(ToDomain)],
            HolidayTable = wire.Holidays,
        };
    }

    // Whatever is too great for a month or a day is refused as such.
    private static int Clamped(uint value) => (int)Math.Min(value, 99);
}
