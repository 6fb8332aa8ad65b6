using CsCheck;
using Monitoring.Dictionary;
using Monitoring.Gateway.Dictionary;
using Wire = Monitoring.Protocol.V1;

namespace Monitoring.Gateway;

public sealed class DictionaryMappingTests
{
    private static readonly Gen<Wire.LocalizedText> GenText =
        Gen.Select(Gen.String, Gen.String, (zh, en) => new Wire.LocalizedText { Zh = zh, En = en });

    private static readonly Gen<Wire.RuleLevel> GenLevel = Gen.Select(
        Gen.Int[1, 3],
        Gen.Double[-1e9, 1e9],
        Gen.Double[-1e9, 1e9],
        Gen.Long[0, 1_000_000_000],
        (level, enter, exit, holdMs) => new Wire.RuleLevel { Level = (Wire.AlertLevel)level, Enter = enter, Exit = exit, ForMs = holdMs });

    private static readonly Gen<Wire.Rule> GenRule = Gen.Select(
        Gen.String[Gen.Char.AlphaNumeric, 1, 5],
        GenText,
        Gen.Int[1, 2],
        GenLevel.Array[1, 3],
        Gen.Long[0, long.MaxValue],
        (id, name, direction, levels, minPoints) =>
        {
            var rule = new Wire.Rule { Id = id, Name = name, Path = "GA/**", Direction = (Wire.RuleDirection)direction, MinPoints = (ulong)minPoints };
            rule.Levels.AddRange(levels);
            return rule;
        });

    private static readonly Gen<Wire.IndicatorDefinition> GenIndicator = Gen.Select(
        Gen.String[Gen.Char.AlphaNumeric, 1, 5],
        GenText,
        Gen.Int[1, 6],
        Gen.Long[0, 1_000_000_000],
        GenRule.Array[0, 3],
        Gen.Bool,
        (code, name, statistic, milliseconds, rules, isDay) =>
        {
            var indicator = new Wire.IndicatorDefinition
            {
                Code = code,
                Name = name,
                Description = name,
                Unit = "min",
                Owner = "noc",
                Statistic = (Wire.Statistic)statistic,
                ResolutionMs = milliseconds,
                LatenessMs = milliseconds + 1_000,
                Period = isDay ? new Wire.Period { DayTimeZone = "Asia/Shanghai" } : new Wire.Period { RollingMs = milliseconds },
                Breakdown = { "state", "airport" },
                Calendar = isDay ? "" : "fy",
                ComparedPart = (Wire.PartialPeriod)((statistic % 3) + 1),
                Better = (Wire.BetterDirection)(statistic % 3),
                YearAlignment = (Wire.YearAlignment)((statistic % 2) + 1),
                MorePeriods = { Enumerable.Range(1, statistic).Select(period => new Wire.Period { Calendar = (Wire.CalendarPeriod)period }) },
            };
            indicator.Rules.AddRange(rules);
            return indicator;
        });

    [Fact]
    public void Mapping_ThereAndBack_ChangesNothing() =>
        GenIndicator.Array[0, 3].Sample(indicators =>
        {
            var content = new Wire.DictionaryContent();
            content.Indicators.AddRange(indicators);
            content.Departments.Add(new Wire.DepartmentDefinition
            {
                Id = "noc",
                Name = new Wire.LocalizedText { En = "Centre" },
                Subscriptions = { new Wire.Subscription { Indicator = "*", Path = "**", Level = Wire.AlertLevel.Warning } },
            });
            content.Calendars.Add(new Wire.Calendar
            {
                Id = "fy",
                Name = new Wire.LocalizedText { En = "Fiscal year" },
                TimeZone = "Asia/Shanghai",
                DayStartMinutes = 150,
                WeekStart = Wire.Weekday.Sunday,
                YearStartMonth = 4,
                YearStartDay = 6,
                Months = Wire.MonthPattern.Weeks454,
                YearAnchor = Wire.YearAnchor.OnOrBefore,
                Weekend = new Wire.WeekendDays { Days = { Wire.Weekday.Friday, Wire.Weekday.Sunday } },
                Holidays = "founding",
            });
            content.Holidays.Add(new Wire.HolidayTable
            {
                Id = "founding",
                Name = new Wire.LocalizedText { En = "Founding days" },
                Days = { new Wire.Holiday { Name = new Wire.LocalizedText { En = "A" }, From = "2026-02-17", To = "2026-02-18", Workdays = { "2026-02-21" } } },
            });
            var domain = DictionaryMapping.ToDomain(content);
            var snapshot = new DictionarySnapshot
            {
                Version = 1,
                Departments = domain.Departments,
                Calendars = domain.Calendars,
                Holidays = domain.Holidays,
                Indicators = domain.Indicators,
            };

            Assert.Empty(DictionaryMapping.UnsetFields(content));
            Assert.Equal(content, DictionaryMapping.ToWire(snapshot));
        });

    [Fact]
    public void UnsetFields_TextsOfHolidaysAreNoDates_NamesEachOfThem()
    {
        var day = new Wire.Holiday { From = "17.2.2026", Workdays = { "2026-02-21", "2026-2-22" } };
        var content = new Wire.DictionaryContent { Holidays = { new Wire.HolidayTable { Days = { day } } } };

        Assert.Equal(
            ["holidays[0].days[0].from", "holidays[0].days[0].workdays[1]"],
            DictionaryMapping.UnsetFields(content).Select(mistake => mistake.Field));
    }

    [Fact]
    public void UnsetFields_ChoicesAreMissing_NamesEachOfThem()
    {
        var content = new Wire.DictionaryContent
        {
            Indicators = { new Wire.IndicatorDefinition { MorePeriods = { new Wire.Period() }, Rules = { new Wire.Rule { Levels = { new Wire.RuleLevel() } } } } },
        };

        Assert.Equal(
            ["indicators[0].statistic", "indicators[0].period", "indicators[0].more_periods[0]", "indicators[0].rules[0].direction", "indicators[0].rules[0].levels[0].level"],
            DictionaryMapping.UnsetFields(content).Select(mistake => mistake.Field));
    }
}
