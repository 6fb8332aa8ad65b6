using System.Globalization;
using NodaTime;

namespace Monitoring.Calendars;

/// <summary>
/// The first day of the Chinese year (正月初一), as the framework's lunisolar calendar knows it, and dates that are as far from it in another year.
/// Pure.
/// </summary>
internal static class SpringFestival
{
    /// <summary>Days before and behind the festival that move with it: the travel season (春运) and the month around it.</summary>
    private const int SeasonDays = 45;

    private static readonly ChineseLunisolarCalendar Lunisolar = new();
    private static readonly int FirstYear = Lunisolar.MinSupportedDateTime.Year;
    private static readonly int LastYear = Lunisolar.MaxSupportedDateTime.Year - 1;

    /// <summary>The date that lies as many days from the festival of the year before; null for a date outside of the season.</summary>
    public static LocalDate? YearBefore(LocalDate date)
    {
        for (var year = date.Year; year <= date.Year + 1; year++)
        {
            if (year > FirstYear && year <= LastYear && NodaTime.Period.DaysBetween(Of(year), date) is >= -SeasonDays and <= SeasonDays and var days)
            {
                return Of(year - 1).PlusDays(days);
            }
        }

        return null;
    }

    /// <summary>The festival in a year of the civil calendar.</summary>
    private static LocalDate Of(int year) => LocalDate.FromDateTime(Lunisolar.ToDateTime(year, 1, 1, 0, 0, 0, 0));
}
