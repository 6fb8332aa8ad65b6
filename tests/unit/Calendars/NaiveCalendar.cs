using Monitoring.Dictionary;

namespace Monitoring.Calendars;

/// <summary>
/// The oracle: steps through minutes and days with the framework's own calendar and time zone data.
/// </summary>
internal sealed class NaiveCalendar(CalendarDefinition definition)
{
    private const long Minute = 60_000;
    private readonly TimeZoneInfo _zone = TimeZoneInfo.FindSystemTimeZoneById(definition.TimeZone);

    /// <summary>The first minute at which local clocks have reached the beginning of a date's business day.</summary>
    public long StartOf(DateOnly date)
    {
        var wanted = date.ToDateTime(TimeOnly.MinValue) + definition.DayStart;
        var time = new DateTimeOffset(wanted, TimeSpan.Zero).ToUnixTimeMilliseconds() - (15 * 60 * Minute);
        while (TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(time), _zone).DateTime < wanted)
        {
            time += Minute;
        }

        return time;
    }

    public DateOnly DateOf(long time)
    {
        var date = DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeMilliseconds(time).UtcDateTime).AddDays(2);
        while (StartOf(date) > time)
        {
            date = date.AddDays(-1);
        }

        return date;
    }

    public (DateOnly First, DateOnly Next) DatesOf(PeriodKind kind, DateOnly date)
    {
        var (first, next) = (date, date.AddDays(1));
        while (!Begins(kind, first))
        {
            first = first.AddDays(-1);
        }

        while (!Begins(kind, next))
        {
            next = next.AddDays(1);
        }

        return (first, next);
    }

    private bool Begins(PeriodKind kind, DateOnly date) => kind switch
    {
        PeriodKind.Day => true,
        PeriodKind.Week => date.DayOfWeek == definition.WeekStart,
        _ when definition.Months == MonthPattern.Calendar => date.Day == definition.YearStartDay
            && (kind == PeriodKind.Month || (kind == PeriodKind.Quarter ? (date.Month - definition.YearStartMonth) % 3 == 0 : date.Month == definition.YearStartMonth)),
        PeriodKind.Year => BeginsYear(date),
        _ => BeginsWithin(kind, date),
    };

    private bool BeginsYear(DateOnly date) => date.DayOfWeek == definition.WeekStart && Enumerable.Range(date.Year - 1, 3).Any(year =>
    {
        var before = new DateOnly(year, definition.YearStartMonth, definition.YearStartDay).DayNumber - date.DayNumber;
        return definition.YearAnchor == YearAnchor.OnOrBefore ? before is >= 0 and < 7 : before is >= -3 and <= 3;
    });

    private bool BeginsWithin(PeriodKind kind, DateOnly date)
    {
        var (first, weeks) = (date, 0);
        while (!BeginsYear(first))
        {
            first = first.AddDays(-1);
        }

        int[] quarter = definition.Months switch
        {
            MonthPattern.Weeks445 => [4, 4, 5],
            MonthPattern.Weeks454 => [4, 5, 4],
            _ => [5, 4, 4],
        };
        var starts = new List<int>();
        for (var month = 0; month < 12; weeks += quarter[month % 3], month++)
        {
            if (kind == PeriodKind.Month || month % 3 == 0)
            {
                starts.Add(weeks * 7);
            }
        }

        return starts.Contains(date.DayNumber - first.DayNumber);
    }
}
