using System.Collections.Immutable;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Monitoring.Dictionary;

public sealed class DictionaryDecisionTests
{
    private static readonly DictionaryOptions Options = new();
    private static readonly DictionaryState Empty = new();

    [Fact]
    public void Of_ValidFile_GivesTheNextVersionWithTheFileAsItIs()
    {
        var decision = Decide(DictionaryFile.Valid, Empty);

        Assert.Empty(decision.Mistakes);
        Assert.Equal((1, DictionaryFile.Valid), (decision.Next!.InForce().Version, decision.Next.InForce().Yaml));
        Assert.Equal(["flights.delay"], decision.Next.Shapes.Keys);
    }

    [Fact]
    public void Of_Records_GiveTheSameAsTheirFile() => GenDictionary.Content.Sample(content =>
    {
        var decision = DictionaryDecision.Of(new DictionaryChange { Content = content }, Empty, HolidayTables.None, Options);
        var snapshot = decision.Next!.InForce();

        Assert.Empty(decision.Mistakes);
        Assert.Equal(
            DictionaryFile.Fingerprint(content),
            DictionaryFile.Fingerprint(new DictionaryContent { Departments = snapshot.Departments, Calendars = snapshot.Calendars, Holidays = snapshot.Holidays, Indicators = snapshot.Indicators }));
        Assert.Equal(DictionaryFile.Fingerprint(content), DictionaryFile.Fingerprint(DictionaryFile.ReadValid(snapshot.Yaml)));
    });

    [Fact]
    public void Of_SameContentInOtherWords_ChangesNothing()
    {
        var state = Apply(DictionaryFile.Valid, Empty);

        var decision = Decide("# A comment.\n" + DictionaryFile.Valid.Replace("rolling: 1h", "rolling: 60m", StringComparison.Ordinal), state);

        Assert.Empty(decision.Mistakes);
        Assert.Null(decision.Next);
    }

    [Fact]
    public void Of_RecordsWithMistakes_NamesFieldsWithoutLines()
    {
        var content = DictionaryFile.ReadValid(DictionaryFile.Valid);
        var change = new DictionaryChange { Content = content with { Departments = [] }, FileName = "" };

        var mistake = Assert.Single(DictionaryDecision.Of(change, Empty, HolidayTables.None, Options).Mistakes);

        Assert.Equal(("dictionary.yaml", 0, 0, "indicators[0].owner"), (mistake.File, mistake.Line, mistake.Column, mistake.Field));
    }

    [Fact]
    public void Of_RecordsTooLongAsYaml_AreRefused()
    {
        var change = new DictionaryChange { Content = DictionaryFile.ReadValid(DictionaryFile.Valid) };

        var mistake = Assert.Single(DictionaryDecision.Of(change, Empty, HolidayTables.None, new DictionaryOptions { MaxFileCharacters = 100 }).Mistakes);

        Assert.Contains("at most 100 are allowed", mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_ResolutionIsImpossibleAndAnotherThanBefore_IsToldOnce()
    {
        var state = Apply(DictionaryFile.Valid, Empty);

        var decision = Decide(DictionaryFile.Valid.Replace("resolution: 1m", "resolution: 7s", StringComparison.Ordinal), state);

        Assert.Single(decision.Mistakes, mistake => mistake.Field == "indicators[0].resolution");
    }

    [Fact]
    public void Of_NeitherOrBothForms_Throws()
    {
        Assert.Throws<ArgumentException>(() => DictionaryDecision.Of(new DictionaryChange(), Empty, HolidayTables.None, Options));
        Assert.Throws<ArgumentException>(() =>
            DictionaryDecision.Of(new DictionaryChange { Yaml = "", Content = new DictionaryContent() }, Empty, HolidayTables.None, Options));
    }

    [Theory]
    [InlineData("[state, airport]", "[airport, state]", "indicators[0].breakdown", 12, "is [state, airport] and may not change")]
    [InlineData("[state, airport]", "[state, airport, gate]", "indicators[0].breakdown", 12, "give the indicator a new code")]
    [InlineData("resolution: 1m", "resolution: 5m", "indicators[0].resolution", 13, "is 1m and may not change")]
    [InlineData("{ rolling: 1h }", "{ day: UTC }", "indicators[0].period", 14, "has no calendar and may not get one")]
    [InlineData("{ rolling: 1h }", "{ rolling: 1h }\n    calendar: UTC", "indicators[0].calendar", 15, "has no calendar and may not get one")]
    public void Of_ShapeOfACodeChanges_IsRefused(string find, string replace, string field, int line, string fragment)
    {
        var decision = Decide(DictionaryFile.Valid.Replace(find, replace, StringComparison.Ordinal), Apply(DictionaryFile.Valid, Empty));

        var mistake = Assert.Single(decision.Mistakes);
        Assert.Null(decision.Next);
        Assert.Equal((field, line), (mistake.Field, mistake.Line));
        Assert.Contains(fragment, mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_TimeZoneChanges_IsRefused()
    {
        var day = DictionaryFile.Valid.Replace("{ rolling: 1h }", "{ day: Asia/Shanghai }", StringComparison.Ordinal);

        var decision = Decide(day.Replace("Asia/Shanghai", "UTC", StringComparison.Ordinal), Apply(day, Empty));

        Assert.Equal("indicators[0].period.day", Assert.Single(decision.Mistakes).Field);
    }

    [Theory]
    [InlineData("time_zone: Asia/Shanghai", "time_zone: UTC", "the time zone of 'flights.delay' is Asia/Shanghai and may not change")]
    [InlineData("day_starts: \"02:30\"", "day_starts: \"03:00\"", "the days of 'flights.delay' begin at 02:30 and may not change")]
    [InlineData("calendar: fy", "calendar: Asia/Shanghai", "the days of 'flights.delay' begin at 02:30 and may not change")]
    [InlineData("calendar: fy", "calendar:", "has days in Asia/Shanghai and may not lose them")]
    public void Of_DaysOfACalendarChange_IsRefused(string find, string replace, string fragment)
    {
        var before = OfCalendar();

        var decision = Decide(before.Replace(find, replace, StringComparison.Ordinal), Apply(before, Empty));

        Assert.Contains(fragment, Assert.Single(decision.Mistakes).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_WeeksAndYearsOfACalendarChange_MakeAnotherDefinition()
    {
        var state = Apply(OfCalendar(), Empty);

        var next = Apply(OfCalendar().Replace("year_starts: \"04-01\"", "year_starts: \"07-01\"", StringComparison.Ordinal), state);

        Assert.Equal(7, next.InForce().Find("flights.delay")!.Calendar!.YearStartMonth);
    }

    [Fact]
    public void Of_CalendarNamesHolidays_GivesThemToTheIndicatorsOfIt()
    {
        var named = OfCalendar().Replace("year_starts:", "holidays: cn, year_starts:", StringComparison.Ordinal);
        var festival = new Holiday { Name = new LocalizedText { Zh = "春节" }, From = new DateOnly(2026, 2, 15), To = new DateOnly(2026, 2, 23) };
        var table = new HolidayTable { Id = "cn", Name = new LocalizedText { En = "China" }, Days = [festival] };

        var first = Decide(named, Empty, null, table).Next!;
        Assert.Equal([festival], first.InForce().Find("flights.delay")!.Calendar!.Holidays);

        // The same file with the same table is no change; with another one it is.
        Assert.Null(Decide(named, first, null, table).Next);
        var later = Decide(named, first, null, table with { Days = [festival with { To = new DateOnly(2026, 2, 22) }] }).Next!;
        Assert.Equal(22, later.InForce().Find("flights.delay")!.Calendar!.Holidays[0].To.Day);

        var unknown = Decide(named.Replace("holidays: cn", "holidays: cm", StringComparison.Ordinal), Empty, null, table);
        Assert.Contains("there is no table of holidays 'cm'; did you mean 'cn'?; there are cn,", Assert.Single(unknown.Mistakes).Message, StringComparison.Ordinal);
        Assert.Equal("calendars[0].holidays", unknown.Mistakes[0].Field);
    }

    [Theory]
    [InlineData("day_starts: \"02:30\"", "day_starts: \"25:00\"", "calendars[0].day_starts")]
    [InlineData("id: fy, ", "", "calendars[0].id")]
    [InlineData("time_zone: Asia/Shanghai, ", "", "calendars[0].time_zone")]
    public void Of_CalendarIsWrong_IsToldOnceAndNotOfItsIndicators(string find, string replace, string field) =>
        Assert.Equal(field, Assert.Single(Decide(OfCalendar().Replace(find, replace, StringComparison.Ordinal), Empty).Mistakes).Field);

    [Fact]
    public void Of_FileOfATableIsBroken_IsToldToWhoNamesItAlone()
    {
        var broken = new Mistake { File = "cn.yaml", Line = 1, Column = 1, Field = "days", Message = "is missing" };
        var shipped = new HolidayTables([], [broken]);
        var named = OfCalendar().Replace("year_starts:", "holidays: cn, year_starts:", StringComparison.Ordinal);

        Assert.Empty(DictionaryDecision.Of(new DictionaryChange { Yaml = OfCalendar() }, Empty, shipped, Options).Mistakes);
        Assert.Equal(broken, DictionaryDecision.Of(new DictionaryChange { Yaml = named }, Empty, shipped, Options).Mistakes[^1]);
    }

    [Fact]
    public void Of_TableInTheFile_GoesBeforeOneThatCameWithTheProgram()
    {
        var named = OfCalendar().Replace("year_starts:", "holidays: cn, year_starts:", StringComparison.Ordinal).Replace(
            "calendars:", "holidays:\n  - id: cn\n    name: Ours\n    days:\n      - { name: Founding day, from: 2026-05-20 }\ncalendars:", StringComparison.Ordinal);

        var decision = Decide(named, Empty, null, new HolidayTable { Id = "cn", Name = new LocalizedText { En = "China" } });

        Assert.Empty(decision.Mistakes);
        Assert.Equal(new DateOnly(2026, 5, 20), Assert.Single(decision.Next!.InForce().Find("flights.delay")!.Calendar!.Holidays).To);
    }

    private static string OfCalendar() => DictionaryFile.Valid.Replace(
        "indicators:",
        "calendars:\n  - { id: fy, name: FY, time_zone: Asia/Shanghai, day_starts: \"02:30\", year_starts: \"04-01\" }\nindicators:",
        StringComparison.Ordinal).Replace("period:", "calendar: fy\n    period:", StringComparison.Ordinal);

    [Theory]
    [InlineData("statistic: average", "statistic: max")]
    [InlineData("{ rolling: 1h }", "{ rolling: 2h }")]
    [InlineData("unit: min", "unit: s")]
    [InlineData("enter: 40", "enter: 50")]
    public void Of_OtherFieldsChange_IsTheNextVersion(string find, string replace)
    {
        var decision = Decide(DictionaryFile.Valid.Replace(find, replace, StringComparison.Ordinal), Apply(DictionaryFile.Valid, Empty));

        Assert.Empty(decision.Mistakes);
        Assert.Equal(2, decision.Next!.InForce().Version);
    }

    [Fact]
    public void Of_CodeComesBackInAnotherShape_IsRefusedWhateverTheHistoryKeeps()
    {
        var options = new DictionaryOptions { HistoryLength = 0 };
        var state = Apply("departments: []\nindicators: []\n", Apply(DictionaryFile.Valid, Empty, options), options);
        Assert.Empty(state.Earlier);

        var decision = Decide(DictionaryFile.Valid.Replace("resolution: 1m", "resolution: 10m", StringComparison.Ordinal), state);

        Assert.Equal("indicators[0].resolution", Assert.Single(decision.Mistakes).Field);
        Assert.Null(decision.Next);
        Assert.Equal(3, Apply(DictionaryFile.Valid, state).InForce().Version);
    }

    [Fact]
    public void Of_MoreCodesThanMayEverBeUsed_IsRefused()
    {
        var options = new DictionaryOptions { MaxUsedCodes = 1 };
        var state = Apply(DictionaryFile.Valid, Empty, options);

        var decision = DictionaryDecision.Of(
            new DictionaryChange { Yaml = DictionaryFile.Valid.Replace("flights.delay", "flights.late", StringComparison.Ordinal) }, state, HolidayTables.None, options);

        Assert.Contains("1 new codes would make 2 that were ever used, at most 1", Assert.Single(decision.Mistakes).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void With_ManyVersions_KeepsTheNewestAndFindsNoOthers()
    {
        var options = new DictionaryOptions { HistoryLength = 3 };
        var state = Versions(10, options);

        Assert.Equal([7L, 8L, 9L], state.Earlier.Select(snapshot => snapshot.Version));
        Assert.Equal(
            [0L, null, null, 7L, 8L, 9L, 10L, null, null],
            new long[] { 0, 1, 6, 7, 8, 9, 10, 11, -1 }.Select(version => state.Find(version)?.Version));
        Assert.Equal(7, state.OldestKept);
    }

    [Fact]
    public void With_TextBeyondItsLimit_LosesTheOldestTextsOnly()
    {
        var options = new DictionaryOptions { HistoryLength = 5, HistoryYamlCharacters = DictionaryFile.Valid.Length * 5 / 2 };
        var state = Versions(6, options);

        Assert.Equal([true, true, true, false, false], state.Earlier.Select(snapshot => snapshot.Yaml.Length == 0));
        Assert.All(state.Earlier, snapshot => Assert.Single(snapshot.Indicators));
    }

    [Fact]
    public void State_StoredAndLoaded_IsTheSameAndStoresUnchangedDefinitionsOnce()
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer<DictionaryState>>();
        var options = new DictionaryOptions { HistoryYamlCharacters = 0 };
        var few = Versions(2, options);
        var many = Versions(60, options);

        var loaded = serializer.Deserialize(serializer.SerializeToArray(many))!;

        Assert.Equal(many.Earlier.Select(snapshot => snapshot.Version), loaded.Earlier.Select(snapshot => snapshot.Version));
        Assert.Equal(many.InForce().Yaml, loaded.InForce().Yaml);
        Assert.Equal(
            DictionaryFile.Fingerprint(new DictionaryContent { Indicators = many.InForce().Indicators }),
            DictionaryFile.Fingerprint(new DictionaryContent { Indicators = loaded.InForce().Indicators }));
        Assert.Equal(many.Shapes["flights.delay"].Breakdown, loaded.Shapes["flights.delay"].Breakdown);
        Assert.InRange(serializer.SerializeToArray(many).Length - serializer.SerializeToArray(few).Length, 1, 58 * 150);
    }

    private static DictionaryState Versions(int count, DictionaryOptions options) =>
        Enumerable.Range(1, count).Aggregate(Empty, (state, version) => Apply(
            DictionaryFile.Valid.Replace("National operations centre", $"Centre {version:D19}", StringComparison.Ordinal), state, options));

    private static DictionaryState Apply(string yaml, DictionaryState state, DictionaryOptions? options = null)
    {
        var decision = Decide(yaml, state, options);
        Assert.Empty(decision.Mistakes);
        return decision.Next!;
    }

    private static DictionaryDecision Decide(
        string yaml, DictionaryState state, DictionaryOptions? options = null, params ImmutableArray<HolidayTable> shipped) =>
        DictionaryDecision.Of(new DictionaryChange { Yaml = yaml }, state, new HolidayTables(shipped, []), options ?? Options);
}
