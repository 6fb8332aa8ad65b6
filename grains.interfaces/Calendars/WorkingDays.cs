using System.Collections.Frozen;
using Monitoring.Dictionary;
using NodaTime;

namespace Monitoring.Calendars;

/// <summary>
/// On which dates an organisation works: not on weekends and holidays, but on those days of a weekend that make up for a holiday. Pure.
/// </summary>
internal sealed class WorkingDays
{
    private const int DaysOfWeek = 7;
    private readonly bool[] _isWeekend = new bool[DaysOfWeek + 1];
    private readonly FrozenSet<LocalDate> _worked;
    private readonly FrozenSet<LocalDate> _off;

    public WorkingDays(CalendarDefinition definition)
    {
        foreach (var day in definition.Weekend)
        {
            _isWeekend[day == DayOfWeek.Sunday ? DaysOfWeek : (int)day] = true;
        }

        _worked = definition.Holidays.SelectMany(holiday => holiday.Workdays).Select(LocalDate.FromDateOnly).ToFrozenSet();
        _off = definition.Holidays.SelectMany(DaysOff).ToFrozenSet();
    }

    /// <summary>True when the date is a working day. A date that makes up for one holiday stays a working day within another.</summary>
    public bool Holds(LocalDate date) => _worked.Contains(date) || (!_isWeekend[(int)date.DayOfWeek] && !_off.Contains(date));

    /// <summary>Number of working days from a date on and before another one.</summary>
    public int Count(LocalDate first, LocalDate next)
    {
        var count = 0;
        for (var date = first; date < next; date = date.PlusDays(1))
        {
            count += Holds(date) ? 1 : 0;
        }

        return count;
    }

    private static IEnumerable<LocalDate> DaysOff(Holiday holiday)
    {
        for (var day = holiday.From.DayNumber; day <= holiday.To.DayNumber; day++)
        {
            yield return LocalDate.FromDateOnly(DateOnly.FromDayNumber(day));
        }
    }
}
