using System.Globalization;
using CsCheck;
using Microsoft.Extensions.Options;
using Monitoring.Dictionary;
using Monitoring.Indicators;

namespace Monitoring.Calendars;

public sealed class BusinessCalendarTests
{
    private static readonly long From = Time("2010-01-05T00:00:00Z");
    private static readonly long Until = Time("2035-01-01T00:00:00Z");

    private static readonly PeriodKind[] Kinds = [PeriodKind.Day, PeriodKind.Week, PeriodKind.Month, PeriodKind.Quarter, PeriodKind.Year];

    private static readonly Gen<CalendarDefinition> GenCalendar =
        from zone in Gen.OneOf("UTC", "Asia/Shanghai", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Beirut", "America/Santiago", "Asia/Kathmandu")
        from dayStart in Gen.OneOf(0, 0, 60, 120, 150, 1_439)
        from weekStart in Gen.Enum<DayOfWeek>()
        from month in Gen.Int[1, 12]
        from day in Gen.OneOf(1, 1, 6, 28)
        from months in Gen.Enum<MonthPattern>()
        from anchor in Gen.Enum<YearAnchor>()
        select CalendarDefinition.Plain(zone) with
        {
            DayStart = TimeSpan.FromMinutes(dayStart),
            WeekStart = weekStart,
            YearStartMonth = month,
            YearStartDay = day,
            Months = months,
            YearAnchor = anchor,
        };

    [Fact]
    public void WindowOf_AnyCalendarAndTime_IsThePeriodThatANaiveCalendarGives() => Gen.Select(GenCalendar, Gen.Long[From, Until]).Sample(
        (definition, time) =>
        {
            var (calendar, naive) = (new BusinessCalendar(definition), new NaiveCalendar(definition));
            var date = naive.DateOf(time);
            foreach (var kind in Kinds)
            {
                var (first, next) = naive.DatesOf(kind, date);
                Assert.Equal((kind, new PeriodWindow(naive.StartOf(first), naive.StartOf(next))), (kind, calendar.WindowOf(kind, time)));
            }
        },
        iter: 300);

    [Fact]
    public void WindowOf_AnyCalendarAndTime_TouchesItsNeighboursAndLiesWithinLongerOnes() => Gen.Select(GenCalendar, Gen.Long[From, Until]).Sample(
        (definition, time) =>
        {
            var calendar = new BusinessCalendar(definition);
            var day = calendar.WindowOf(PeriodKind.Day, time);
            foreach (var kind in Kinds)
            {
                var window = calendar.WindowOf(kind, time);
                Assert.True(window.Holds(time));
                Assert.Equal(window.End, calendar.WindowOf(kind, window.End).Start);
                Assert.Equal(window.Start, calendar.WindowOf(kind, window.Start - 1).End);
                Assert.Equal(window, calendar.WindowOf(kind, window.End - 1));
                Assert.True(day.Start >= window.Start && day.End <= window.End);
            }

            var (month, quarter, year) =
                (calendar.WindowOf(PeriodKind.Month, time), calendar.WindowOf(PeriodKind.Quarter, time), calendar.WindowOf(PeriodKind.Year, time));
            Assert.True(month.Start >= quarter.Start && month.End <= quarter.End);
            Assert.True(quarter.Start >= year.Start && quarter.End <= year.End);
        });

    [Fact]
    public void Year_OfWeeksFromMondayNearestToJanuary_IsTheIsoYear()
    {
        var calendar = new BusinessCalendar(CalendarDefinition.Plain("UTC") with { Months = MonthPattern.Weeks445 });
        for (var year = 2000; year <= 2100; year++)
        {
            var window = calendar.WindowOf(PeriodKind.Year, Time($"{year}-06-15T00:00:00Z"));

            Assert.Equal((ISOWeek.GetYearStart(year), ISOWeek.GetYearStart(year + 1)), (Utc(window.Start), Utc(window.End)));
        }
    }

    // The retail calendar of the USA: years of 4-5-4 weeks from Sunday on, nearest to 1 February; 2023 had 53 weeks.
    [Theory]
    [InlineData(PeriodKind.Year, "2023-05-01", "2023-01-29", "2024-02-04")]
    [InlineData(PeriodKind.Year, "2024-05-01", "2024-02-04", "2025-02-02")]
    [InlineData(PeriodKind.Month, "2024-02-04", "2024-02-04", "2024-03-03")]
    [InlineData(PeriodKind.Month, "2024-03-03", "2024-03-03", "2024-04-07")]
    [InlineData(PeriodKind.Month, "2024-04-07", "2024-04-07", "2024-05-05")]
    [InlineData(PeriodKind.Month, "2024-02-03", "2023-12-31", "2024-02-04")] // Four weeks and the 53rd.
    [InlineData(PeriodKind.Quarter, "2024-02-03", "2023-10-29", "2024-02-04")]
    [InlineData(PeriodKind.Week, "2024-02-03", "2024-01-28", "2024-02-04")]
    public void WindowOf_RetailCalendar_IsTheKnownOne(PeriodKind kind, string date, string first, string next)
    {
        var calendar = new BusinessCalendar(CalendarDefinition.Plain("UTC") with
        {
            WeekStart = DayOfWeek.Sunday,
            YearStartMonth = 2,
            Months = MonthPattern.Weeks454,
        });

        Assert.Equal(new PeriodWindow(Time($"{first}T00:00:00Z"), Time($"{next}T00:00:00Z")), calendar.WindowOf(kind, Time($"{date}T12:00:00Z")));
    }

    [Theory]
    [InlineData("2026-03-07T12:00:00Z", "2026-03-07T07:30:00Z", "2026-03-08T07:00:00Z")] // 02:30 is skipped: the day begins when clocks show 03:00.
    [InlineData("2026-03-08T12:00:00Z", "2026-03-08T07:00:00Z", "2026-03-09T06:30:00Z")]
    [InlineData("2026-11-01T12:00:00Z", "2026-11-01T07:30:00Z", "2026-11-02T07:30:00Z")]
    [InlineData("2024-02-29T07:29:59Z", "2024-02-28T07:30:00Z", "2024-02-29T07:30:00Z")]
    public void Day_BeginsInTheNight_FollowsTheClocks(string time, string start, string end)
    {
        var calendar = new BusinessCalendar(CalendarDefinition.Plain("America/New_York") with { DayStart = new TimeSpan(2, 30, 0) });

        Assert.Equal(new PeriodWindow(Time(start), Time(end)), calendar.WindowOf(PeriodKind.Day, Time(time)));
    }

    [Fact]
    public void Month_OfALeapYear_Has29Days()
    {
        var window = new BusinessCalendar(CalendarDefinition.Plain("Asia/Shanghai")).WindowOf(PeriodKind.Month, Time("2024-02-29T15:59:00Z"));

        Assert.Equal((Time("2024-01-31T16:00:00Z"), Time("2024-02-29T16:00:00Z")), (window.Start, window.End));
    }

    // What the State Council's announcements leave of each year: 366 or 365 days without 104 of weekends and 11 or 13 public holidays.
    [Theory]
    [InlineData("cn", "2024-01-01", PeriodKind.Year, 251)]
    [InlineData("cn", "2025-01-01", PeriodKind.Year, 248)]
    [InlineData("cn", "2026-01-01", PeriodKind.Year, 248)]
    [InlineData("cn", "2026-02-01", PeriodKind.Month, 16)]
    [InlineData("cn", "2026-10-01", PeriodKind.Month, 18)]
    [InlineData("us", "2025-01-01", PeriodKind.Year, 250)]
    [InlineData("us", "2026-11-23", PeriodKind.Week, 4)]
    public void WorkdaysOf_ShippedHolidays_AreThoseOfTheYear(string table, string date, PeriodKind kind, int workdays)
    {
        var calendar = new BusinessCalendar(WithHolidays(table, "UTC"));
        var window = calendar.WindowOf(kind, Time($"{date}T12:00:00Z"));

        Assert.Equal((workdays, workdays), calendar.WorkdaysOf(window, window.End));
        Assert.Equal((workdays, 0), calendar.WorkdaysOf(window, window.Start - 1));
    }

    [Theory]
    // The 13th working day of February is the 25th; of January, whose first Sunday was worked, the 20th.
    [InlineData(true, "2026-02-25T12:00:00+08:00", "2026-01-10T00:00:00+08:00", "2026-01-20T12:00:00+08:00")]
    // Within the festival both stand where the eleventh working day ended.
    [InlineData(true, "2026-02-20T12:00:00+08:00", "2026-01-10T00:00:00+08:00", "2026-01-17T00:00:00+08:00")]
    [InlineData(true, "2026-02-01T12:00:00+08:00", "2026-01-10T00:00:00+08:00", "2026-01-01T00:00:00+08:00")]
    [InlineData(true, "2026-03-31T12:00:00+08:00", "2026-02-10T00:00:00+08:00", "2026-03-01T00:00:00+08:00")]
    [InlineData(false, "2026-02-25T12:00:00+08:00", "2026-01-10T00:00:00+08:00", "2026-01-25T12:00:00+08:00")]
    [InlineData(false, "2026-03-31T12:00:00+08:00", "2026-02-10T00:00:00+08:00", "2026-03-01T00:00:00+08:00")]
    [InlineData(false, "2026-02-01T00:00:00+08:00", "2026-01-10T00:00:00+08:00", "2026-01-01T00:00:00+08:00")]
    public void SameProgress_OfAMonth_IsAsManyDaysFurther(bool inWorkingDays, string now, string other, string expected)
    {
        var calendar = new BusinessCalendar(WithHolidays("cn", "Asia/Shanghai"));
        var (window, earlier) = (calendar.WindowOf(PeriodKind.Month, Time(now)), calendar.WindowOf(PeriodKind.Month, Time(other)));

        Assert.Equal(Time(expected), calendar.SameProgress(window, Time(now), earlier, inWorkingDays));
    }

    [Theory]
    [InlineData(MonthPattern.Calendar, PeriodKind.Day, "2024-02-29", "2023-02-28")]
    [InlineData(MonthPattern.Calendar, PeriodKind.Week, "2026-11-25", "2025-11-24")]
    [InlineData(MonthPattern.Calendar, PeriodKind.Month, "2024-02-15", "2023-02-01")]
    [InlineData(MonthPattern.Calendar, PeriodKind.Quarter, "2024-02-15", "2023-01-01")]
    [InlineData(MonthPattern.Calendar, PeriodKind.Year, "2024-02-15", "2023-01-01")]
    [InlineData(MonthPattern.Weeks445, PeriodKind.Month, "2027-01-10", "2025-12-29")] // 2026 has 53 weeks.
    [InlineData(MonthPattern.Weeks445, PeriodKind.Year, "2027-06-01", "2025-12-29")]
    public void YearBefore_OfAPeriod_IsTheOneAtTheSamePlace(MonthPattern months, PeriodKind kind, string date, string first)
    {
        var calendar = new BusinessCalendar(CalendarDefinition.Plain("UTC") with { Months = months });

        var before = calendar.YearBefore(kind, calendar.WindowOf(kind, Time($"{date}T12:00:00Z")));

        Assert.Equal(calendar.WindowOf(kind, Time($"{first}T00:00:00Z")), before);
        Assert.Equal(Time($"{first}T00:00:00Z"), before.Start);
    }

    [Theory]
    [InlineData(MonthPattern.Weeks445, DayOfWeek.Monday, 1)]
    [InlineData(MonthPattern.Weeks454, DayOfWeek.Sunday, 2)]
    [InlineData(MonthPattern.Weeks544, DayOfWeek.Saturday, 7)]
    [InlineData(MonthPattern.Calendar, DayOfWeek.Monday, 4)]
    public void YearBefore_OfEveryMonthAndQuarter_HasTheSamePlaceInItsYear(MonthPattern months, DayOfWeek weekStart, int yearStart)
    {
        var calendar = new BusinessCalendar(
            CalendarDefinition.Plain("Asia/Shanghai") with { Months = months, WeekStart = weekStart, YearStartMonth = yearStart });
        foreach (var kind in new[] { PeriodKind.Month, PeriodKind.Quarter })
        {
            for (var window = calendar.WindowOf(kind, Time("2010-06-01T00:00:00Z")); window.Start < Until; window = calendar.WindowOf(kind, window.End))
            {
                Assert.Equal(PlaceOf(window), PlaceOf(calendar.YearBefore(kind, window)));
                Assert.Equal(
                    calendar.WindowOf(PeriodKind.Year, window.Start).Start,
                    calendar.WindowOf(PeriodKind.Year, calendar.YearBefore(kind, window).Start).End);
            }

            int PlaceOf(PeriodWindow window)
            {
                var (place, start) = (0, calendar.WindowOf(PeriodKind.Year, window.Start).Start);
                for (; start < window.Start; start = calendar.WindowOf(kind, start).End)
                {
                    place++;
                }

                return place;
            }
        }
    }

    // The Chinese years began on 10 February 2024, 29 January 2025, 17 February 2026 and 6 February 2027.
    [Theory]
    [InlineData(PeriodKind.Day, "2026-02-17", "2025-01-29")]
    [InlineData(PeriodKind.Day, "2026-02-16", "2025-01-28")]
    [InlineData(PeriodKind.Day, "2025-01-31", "2024-02-12")]
    [InlineData(PeriodKind.Day, "2025-12-31", "2024-12-31")] // 48 days before.
    [InlineData(PeriodKind.Day, "2026-12-30", "2026-01-10")] // 38 days before the festival of 2027.
    [InlineData(PeriodKind.Day, "2026-06-01", "2025-06-01")]
    [InlineData(PeriodKind.Week, "2026-02-18", "2025-01-27")]
    [InlineData(PeriodKind.Month, "2026-02-17", "2025-02-01")]
    public void YearBefore_AlignedToTheSpringFestival_LiesAsFarFromIt(PeriodKind kind, string date, string first)
    {
        var calendar = new BusinessCalendar(CalendarDefinition.Plain("Asia/Shanghai"));

        var before = calendar.YearBefore(kind, calendar.WindowOf(kind, Time($"{date}T12:00:00+08:00")), YearAlignment.SpringFestival);

        Assert.Equal(Time($"{first}T00:00:00+08:00"), before.Start);
    }

    private static CalendarDefinition WithHolidays(string table, string timeZone)
    {
        var read = new HolidayFiles(Options.Create(new DictionaryOptions())).Read();
        Assert.Empty(read.Mistakes);
        return CalendarDefinition.Plain(timeZone) with { Holidays = read.Tables.Single(one => one.Id == table).Days };
    }

    [Fact]
    public void Life_IsAllOfTime() =>
        Assert.Equal(PeriodWindow.Always, new BusinessCalendar(CalendarDefinition.Plain("UTC")).WindowOf(PeriodKind.Life, 0));

    private static long Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();

    private static DateTime Utc(long time) => DateTimeOffset.FromUnixTimeMilliseconds(time).UtcDateTime;
}
