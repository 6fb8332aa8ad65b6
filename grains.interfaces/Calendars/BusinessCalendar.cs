using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Monitoring.Dictionary;
using Monitoring.Indicators;
using NodaTime;
using NodaTime.TimeZones;

namespace Monitoring.Calendars;

/// <summary>
/// Tells which day, week, month, quarter and year of a calendar a time belongs to. Pure, so that everybody who asks gets the same answer;
/// what was asked last is remembered. Thread-safe.
/// </summary>
public sealed class BusinessCalendar
{
    /// <summary>The latest time that may be asked for; calendars end in the year 9999, and no period may begin in it.</summary>
    public static readonly long Latest = Instant.FromUtc(9998, 1, 1, 0, 0).ToUnixTimeMilliseconds();

    private static readonly ConditionalWeakTable<CalendarDefinition, BusinessCalendar> OfDefinitions = [];
    private static readonly ConcurrentDictionary<string, BusinessCalendar> OfZones = new(StringComparer.Ordinal);

    // The first moment of a day, even where clocks skip its beginning, or the whole date, as when Samoa changed sides of the date line.
    private static readonly ZoneLocalMappingResolver FirstMoment =
        Resolvers.CreateMappingResolver(Resolvers.ReturnEarlier, Resolvers.ReturnStartOfIntervalAfter);

    private readonly DateTimeZone _zone;
    private readonly NodaTime.Period _dayStart;
    private readonly CalendarYears _years;
    private readonly Lazy<WorkingDays> _working;
    private readonly bool _hasDaysOfUtc;

    // Two of each kind: a source that catches up asks for its day and for the present one in turn.
    private readonly Window?[] _last = new Window?[(int)PeriodKind.Life];
    private readonly Window?[] _lastButOne = new Window?[(int)PeriodKind.Life];

    /// <summary>Compiles a calendar that the dictionary has checked.</summary>
    public BusinessCalendar(CalendarDefinition definition)
    {
        _zone = DateTimeZoneProviders.Tzdb[definition.TimeZone];
        _dayStart = NodaTime.Period.FromTicks(definition.DayStart.Ticks);
        _years = new CalendarYears(definition);
        _working = new Lazy<WorkingDays>(() => new WorkingDays(definition));
        _hasDaysOfUtc = definition.HasDaysOfUtc;
    }

    /// <summary>The calendar of an indicator that has one.</summary>
    public static BusinessCalendar Of(IndicatorDefinition definition) => definition.Calendar is { } calendar
        ? OfDefinitions.GetValue(calendar, static known => new BusinessCalendar(known))
        : OfZones.GetOrAdd(definition.Period.TimeZone, static zone => new BusinessCalendar(CalendarDefinition.Plain(zone)));

    /// <summary>The period of a kind that holds a time, from its first moment to the first moment of the next.</summary>
    /// <param name="kind">Not a rolling one.</param>
    /// <param name="time">Milliseconds since 1970-01-01T00:00:00Z, at most <see cref="Latest"/>.</param>
    public PeriodWindow WindowOf(PeriodKind kind, long time)
    {
        if (kind == PeriodKind.Life)
        {
            return PeriodWindow.Always;
        }

        if (_hasDaysOfUtc && kind == PeriodKind.Day)
        {
            var start = PeriodWindow.BucketStart(time, BucketRow.DayResolution);
            return new PeriodWindow(start, start + BucketRow.DayResolution);
        }

        var last = _last[(int)kind];
        if (last is { } known && known.Span.Holds(time))
        {
            return known.Span;
        }

        if (_lastButOne[(int)kind] is { } older && older.Span.Holds(time))
        {
            return older.Span;
        }

        var (first, next) = _years.DatesOf(kind, DateOf(time));
        var window = new PeriodWindow(StartOf(first), StartOf(next));
        (_lastButOne[(int)kind], _last[(int)kind]) = (last, new Window(window));
        return window;
    }

    /// <summary>Working days of a period: all of them, and those that have begun at a time.</summary>
    /// <param name="window">A period of this calendar, not the whole life.</param>
    /// <param name="now">Milliseconds since 1970-01-01T00:00:00Z.</param>
    public (int All, int Begun) WorkdaysOf(in PeriodWindow window, long now)
    {
        var (first, next) = (DateOf(window.Start), DateOf(window.End));
        var behind = now < window.Start ? first : now >= window.End ? next : DateOf(now).PlusDays(1);
        return (_working.Value.Count(first, next), _working.Value.Count(first, behind));
    }

    /// <summary>The period of the same kind that lies so many before one.</summary>
    public PeriodWindow Before(PeriodKind kind, PeriodWindow window, int periods = 1)
    {
        for (; periods > 0; periods--)
        {
            window = WindowOf(kind, window.Start - 1);
        }

        return window;
    }

    /// <summary>
    /// The same period a year ago: the date of the year before, the week 52 weeks before, or the month or quarter that has the same place in the
    /// year before.
    /// </summary>
    /// <param name="kind">Kind of the period.</param>
    /// <param name="window">The period.</param>
    /// <param name="alignment">
    /// With <see cref="YearAlignment.SpringFestival"/> a day or a week of the festival's season is the one that lies as far from the festival.
    /// </param>
    public PeriodWindow YearBefore(PeriodKind kind, in PeriodWindow window, YearAlignment alignment = YearAlignment.Date)
    {
        var first = DateOf(window.Start);
        var isAligned = alignment == YearAlignment.SpringFestival && (kind is PeriodKind.Day or PeriodKind.Week);
        if (isAligned && SpringFestival.YearBefore(first) is { } moved)
        {
            // Of a week that does not begin on the same day, the greater part counts.
            return WindowOf(kind, StartOf(kind == PeriodKind.Week ? moved.PlusDays(3) : moved));
        }

        return WindowOf(kind, StartOf(_years.YearBefore(kind, first)));
    }

    /// <summary>The time by which another period of the same kind had come as far as one has at a time.</summary>
    /// <param name="window">The period.</param>
    /// <param name="now">A time within it, milliseconds since 1970-01-01T00:00:00Z.</param>
    /// <param name="other">The other one; when it is too short, its end is the answer.</param>
    /// <param name="inWorkingDays">
    /// True to count working days alone: on a day off both are as far as the last working day brought them.
    /// </param>
    public long SameProgress(in PeriodWindow window, long now, in PeriodWindow other, bool inWorkingDays)
    {
        var today = DateOf(now);
        var whole = 0;
        for (var date = DateOf(window.Start); date < today; date = date.PlusDays(1))
        {
            whole += Counts(date) ? 1 : 0;
        }

        var (start, end) = (StartOf(today), StartOf(today.PlusDays(1)));
        var share = Counts(today) ? (double)(now - start) / (end - start) : 0;
        var reached = other.Start;
        for (var date = DateOf(other.Start); StartOf(date) < other.End; date = date.PlusDays(1))
        {
            if (!Counts(date))
            {
                continue;
            }

            (start, end) = (StartOf(date), StartOf(date.PlusDays(1)));
            if (whole == 0)
            {
                return share > 0 ? start + (long)((end - start) * share) : reached;
            }

            whole--;
            reached = end;
        }

        return whole == 0 && share == 0 ? reached : other.End;

        bool Counts(LocalDate date) => !inWorkingDays || _working.Value.Holds(date);
    }

    /// <summary>The business day that holds a time, by the date that it is named by.</summary>
    private LocalDate DateOf(long time)
    {
        var local = Instant.FromUnixTimeMilliseconds(time).InZone(_zone).LocalDateTime;
        var date = (local - _dayStart).Date;

        // Where clocks change at the very time at which days begin, the subtraction lands on a neighbour.
        while (time < StartOf(date))
        {
            date = date.PlusDays(-1);
        }

        while (time >= StartOf(date.PlusDays(1)))
        {
            date = date.PlusDays(1);
        }

        return date;
    }

    private long StartOf(LocalDate date) =>
        _zone.ResolveLocal(date.AtMidnight() + _dayStart, FirstMoment).ToInstant().ToUnixTimeMilliseconds();

    /// <summary>A window as an object, so that it is replaced at once.</summary>
    private sealed record Window(PeriodWindow Span);
}
