using Monitoring.Dictionary;
using NodaTime;

namespace Monitoring.Calendars;

/// <summary>Which dates the weeks, months, quarters and years of a calendar are made of. Pure.</summary>
internal sealed class CalendarYears(CalendarDefinition definition)
{
    private const int MonthsOfYear = 12;
    private const int MonthsOfQuarter = 3;
    private const int WeeksOfQuarter = 13;
    private const int WeeksOfYear = 52;
    private const int DaysOfWeek = 7;

    // Week of the quarter in which each month begins, and behind the last one.
    private readonly int[] _monthStarts = definition.Months switch
    {
        MonthPattern.Weeks454 => [0, 4, 9],
        MonthPattern.Weeks544 => [0, 5, 9],
        _ => [0, 4, 8],
    };

    /// <summary>The period of a kind that holds a date: its first date, and the first date of the next one.</summary>
    public (LocalDate First, LocalDate Next) DatesOf(PeriodKind kind, LocalDate date) => kind switch
    {
        PeriodKind.Day => (date, date.PlusDays(1)),
        PeriodKind.Week => WeekOf(date),
        PeriodKind.Month or PeriodKind.Quarter or PeriodKind.Year =>
            definition.Months == MonthPattern.Calendar ? OfMonths(kind, date) : OfWeeks(kind, date),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a period that is made of dates."),
    };

    /// <summary>A date within the same period a year before one.</summary>
    /// <param name="kind">Kind of the period.</param>
    /// <param name="first">First date of the period.</param>
    public LocalDate YearBefore(PeriodKind kind, LocalDate first)
    {
        if (kind == PeriodKind.Week)
        {
            return first.PlusWeeks(-WeeksOfYear);
        }

        if (kind == PeriodKind.Day || definition.Months == MonthPattern.Calendar)
        {
            return first.PlusYears(-1);
        }

        // The same week of the year before, in which months and quarters begin in the same weeks.
        var year = OfWeeks(PeriodKind.Year, first).First;
        return OfWeeks(PeriodKind.Year, year.PlusDays(-1)).First.PlusDays(NodaTime.Period.DaysBetween(year, first));
    }

    private (LocalDate First, LocalDate Next) WeekOf(LocalDate date)
    {
        var first = FirstDayOfWeek(date);
        return (first, first.PlusDays(DaysOfWeek));
    }

    /// <summary>The first day of the week that holds a date.</summary>
    private LocalDate FirstDayOfWeek(LocalDate date) => date.PlusDays(-(((int)date.DayOfWeek - (int)definition.WeekStart + DaysOfWeek) % DaysOfWeek));

    private (LocalDate First, LocalDate Next) OfMonths(PeriodKind kind, LocalDate date)
    {
        var length = kind switch { PeriodKind.Month => 1, PeriodKind.Quarter => MonthsOfQuarter, _ => MonthsOfYear };
        var month = new LocalDate(date.Year, date.Month, definition.YearStartDay);
        month = month > date ? month.PlusMonths(-1) : month;
        var monthOfYear = (month.Month - definition.YearStartMonth + MonthsOfYear) % MonthsOfYear;
        var first = month.PlusMonths(-(monthOfYear % length));
        return (first, first.PlusMonths(length));
    }

    private (LocalDate First, LocalDate Next) OfWeeks(PeriodKind kind, LocalDate date)
    {
        var year = date.Year + 1;
        while (YearStart(year) > date)
        {
            year--;
        }

        var (first, next) = (YearStart(year), YearStart(year + 1));
        if (kind == PeriodKind.Year)
        {
            return (first, next);
        }

        // The 53rd week of a long year belongs to its last quarter and month.
        var week = Math.Min(NodaTime.Period.DaysBetween(first, date) / DaysOfWeek, (4 * WeeksOfQuarter) - 1);
        var quarter = week / WeeksOfQuarter;
        var quarterStart = first.PlusWeeks(quarter * WeeksOfQuarter);
        var quarterEnd = quarter == 3 ? next : quarterStart.PlusWeeks(WeeksOfQuarter);
        if (kind == PeriodKind.Quarter)
        {
            return (quarterStart, quarterEnd);
        }

        var month = Array.FindLastIndex(_monthStarts, start => start <= week % WeeksOfQuarter);
        var end = month == MonthsOfQuarter - 1 ? quarterEnd : quarterStart.PlusWeeks(_monthStarts[month + 1]);
        return (quarterStart.PlusWeeks(_monthStarts[month]), end);
    }

    /// <summary>First day of a year that is made of weeks.</summary>
    private LocalDate YearStart(int year)
    {
        var anchor = new LocalDate(year, definition.YearStartMonth, definition.YearStartDay);
        var latest = definition.YearAnchor == YearAnchor.OnOrBefore ? anchor : anchor.PlusDays(DaysOfWeek / 2);
        return FirstDayOfWeek(latest);
    }
}
