using Monitoring.Dictionary;
using Wire = Monitoring.Protocol.V1;

namespace Monitoring.Gateway.Dictionary;

/// <summary>Calendars and periods in the words of the protocol, and back.</summary>
internal static class CalendarMapping
{
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
        WeekStart = calendar.WeekStart == DayOfWeek.Sunday ? Wire.Weekday.Sunday : (Wire.Weekday)calendar.WeekStart,
        YearStartMonth = (uint)calendar.YearStartMonth,
        YearStartDay = (uint)calendar.YearStartDay,
        Months = (Wire.MonthPattern)((int)calendar.Months + 1),
        YearAnchor = (Wire.YearAnchor)((int)calendar.YearAnchor + 1),
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
            WeekStart = wire.WeekStart switch
            {
                Wire.Weekday.Unspecified => DayOfWeek.Monday,
                Wire.Weekday.Sunday => DayOfWeek.Sunday,
                _ => (DayOfWeek)wire.WeekStart,
            },
            YearStartMonth = hasYearStart ? Clamped(wire.YearStartMonth) : 1,
            YearStartDay = hasYearStart ? Clamped(wire.YearStartDay) : 1,
            Months = wire.Months == Wire.MonthPattern.Unspecified ? MonthPattern.Calendar : (MonthPattern)((int)wire.Months - 1),
            YearAnchor = wire.YearAnchor == Wire.YearAnchor.Unspecified ? YearAnchor.Nearest : (YearAnchor)((int)wire.YearAnchor - 1),
        };
    }

    // Whatever is too great for a month or a day is refused as such.
    private static int Clamped(uint value) => (int)Math.Min(value, 99);
}
