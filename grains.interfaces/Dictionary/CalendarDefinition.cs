using System.Collections.Immutable;

namespace Monitoring.Dictionary;

/// <summary>How an organisation divides time: which days there are, and how weeks, months, quarters and years are made of them.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.calendar-definition.v1")]
public sealed record CalendarDefinition
{
    /// <summary>1 to 100 characters of a-z, 0-9, '.', '_', '-'.</summary>
    [Id(0)] public required string Id { get; init; }

    /// <summary>Name.</summary>
    [Id(1)] public required LocalizedText Name { get; init; }

    /// <summary>IANA time zone of its days.</summary>
    [Id(2)] public required string TimeZone { get; init; }

    /// <summary>Local time at which a business day begins, from midnight of the date that it is named by; zero to less than a day.</summary>
    [Id(3)] public TimeSpan DayStart { get; init; }

    /// <summary>First day of a week.</summary>
    [Id(4)] public DayOfWeek WeekStart { get; init; } = DayOfWeek.Monday;

    /// <summary>Month in which a year begins, 1 to 12.</summary>
    [Id(5)] public int YearStartMonth { get; init; } = 1;

    /// <summary>Day of that month, and of every other, on which a month begins, 1 to 28.</summary>
    [Id(6)] public int YearStartDay { get; init; } = 1;

    /// <summary>What months are made of.</summary>
    [Id(7)] public MonthPattern Months { get; init; } = MonthPattern.Calendar;

    /// <summary>Where years begin that are made of weeks.</summary>
    [Id(8)] public YearAnchor YearAnchor { get; init; } = YearAnchor.Nearest;

    /// <summary>Days of the week on which nobody works; at most six.</summary>
    [Id(9)] public ImmutableArray<DayOfWeek> Weekend { get; init; } = UsualWeekend;

    /// <summary>Id of the table of its holidays; empty for none.</summary>
    [Id(10)] public string HolidayTable { get; init; } = string.Empty;

    /// <summary>The holidays of that table, so that whoever computes with a calendar needs nothing else.</summary>
    [Id(11)] public ImmutableArray<Holiday> Holidays { get; init; } = [];

    /// <summary>Saturday and Sunday.</summary>
    public static ImmutableArray<DayOfWeek> UsualWeekend { get; } = [DayOfWeek.Saturday, DayOfWeek.Sunday];

    /// <summary>True when its days are those of UTC.</summary>
    public bool HasDaysOfUtc => TimeZone is "UTC" or "Etc/UTC" && DayStart == TimeSpan.Zero;

    /// <summary>True when days, weeks, months and years of another calendar are the same; names and holidays do not matter to them.</summary>
    public bool DividesTimeAs(CalendarDefinition other) =>
        (TimeZone, DayStart, WeekStart, YearStartMonth, YearStartDay, Months, YearAnchor)
        == (other.TimeZone, other.DayStart, other.WeekStart, other.YearStartMonth, other.YearStartDay, other.Months, other.YearAnchor);

    /// <summary>The calendar that an indicator names: one of those that are defined, or the plain one of a time zone.</summary>
    public static CalendarDefinition Find(string name, IEnumerable<CalendarDefinition> defined) =>
        defined.FirstOrDefault(calendar => calendar.Id == name) ?? Plain(name);

    /// <summary>A calendar of plain days, weeks from Monday on, months and years.</summary>
    /// <param name="timeZone">IANA time zone.</param>
    public static CalendarDefinition Plain(string timeZone) => new()
    {
        Id = timeZone,
        Name = new LocalizedText { Zh = timeZone, En = timeZone },
        TimeZone = timeZone,
    };
}

/// <summary>The holidays of a country or an organisation.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.holiday-table.v1")]
public sealed record HolidayTable
{
    /// <summary>1 to 100 characters of a-z, 0-9, '.', '_', '-'.</summary>
    [Id(0)] public required string Id { get; init; }

    /// <summary>Name.</summary>
    [Id(1)] public required LocalizedText Name { get; init; }

    /// <summary>Its holidays, in any order.</summary>
    [Id(2)] public ImmutableArray<Holiday> Days { get; init; } = [];
}

/// <summary>Days on which nobody works, and days that are worked instead.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.holiday.v1")]
public sealed record Holiday
{
    /// <summary>Name.</summary>
    [Id(0)] public required LocalizedText Name { get; init; }

    /// <summary>First day off.</summary>
    [Id(1)] public required DateOnly From { get; init; }

    /// <summary>Last day off.</summary>
    [Id(2)] public required DateOnly To { get; init; }

    /// <summary>Days of a weekend on which everybody works to make up for it.</summary>
    [Id(3)] public ImmutableArray<DateOnly> Workdays { get; init; } = [];
}

/// <summary>What the months of a calendar are made of.</summary>
public enum MonthPattern
{
    /// <summary>The months of the civil calendar, or as long ones that begin on another day.</summary>
    Calendar = 0,

    /// <summary>Whole weeks: 4, 4 and 5 in each quarter; a 53rd week belongs to the last month.</summary>
    Weeks445 = 1,

    /// <summary>Whole weeks: 4, 5 and 4.</summary>
    Weeks454 = 2,

    /// <summary>Whole weeks: 5, 4 and 4.</summary>
    Weeks544 = 3,
}

/// <summary>On which first day of a week a year begins that is made of weeks.</summary>
public enum YearAnchor
{
    /// <summary>The one nearest to the date of the year's start: with 1 January and Monday that is the ISO year.</summary>
    Nearest = 0,

    /// <summary>The last one on or before that date.</summary>
    OnOrBefore = 1,
}
