using System.Collections.Immutable;
using Monitoring.Alerting;

namespace Monitoring.Dictionary;

/// <summary>Reads a dictionary file; its shape is told in <c>docs/dictionary.md</c>.</summary>
internal sealed class DictionaryYaml
{
    private const string CodeAllowed = "write 1 to 100 characters of a-z, 0-9, '.', '_' and '-'";
    private const string PathAllowed = "write parts joined by '/', '*' for one part, '**' at the end for any number";
    private const string PeriodAllowed = "write { rolling: 1h }, or day, week, month, quarter, year or life of the calendar";
    private const string CalendarAllowed = "write the id of one in calendars, or an IANA time zone such as Asia/Shanghai";
    private const string TextAllowed = "write a text, or { zh: …, en: … }";

    private readonly MistakeList _mistakes;
    private ImmutableArray<CalendarDefinition> _calendars = [];

    private DictionaryYaml(MistakeList mistakes) => _mistakes = mistakes;

    /// <summary>
    /// What a file says. Everything that can be read is there even after mistakes, at its place in its list, so that it can be checked
    /// further; null when nothing can be read at all.
    /// </summary>
    /// <param name="text">The file.</param>
    /// <param name="maxCharacters">Longest file, in characters.</param>
    /// <param name="mistakes">Takes what is wrong, and where each field stands.</param>
    public static DictionaryContent? Read(string text, int maxCharacters, MistakeList mistakes) =>
        Parse(text, maxCharacters, mistakes) is { } root ? new DictionaryYaml(mistakes).ReadFile(root) : null;

    /// <summary>What a file with one table of holidays says, likewise.</summary>
    public static HolidayTable? ReadHolidays(string text, int maxCharacters, MistakeList mistakes) =>
        Parse(text, maxCharacters, mistakes) is { } root && new DictionaryYaml(mistakes).ReadHolidayTable(root) is var table && root is YamlMapping
            ? table
            : null;

    private static YamlNode? Parse(string text, int maxCharacters, MistakeList mistakes)
    {
        if (text.Length > maxCharacters)
        {
            mistakes.Add(
                MistakeList.WholeFile, new TextPosition(1, 1), $"the file has {text.Length} characters, at most {maxCharacters} are allowed");
            return null;
        }

        return YamlTree.Parse(text, mistakes);
    }

    private DictionaryContent? ReadFile(YamlNode root)
    {
        var fields = Open(root, DictionaryWords.FileFields);
        if (root is not YamlMapping)
        {
            return null;
        }

        var holidays = fields.List("holidays", ReadHolidayTable);
        _calendars = fields.List("calendars", ReadCalendar);
        return new DictionaryContent
        {
            Departments = fields.RequireList("departments", ReadDepartment),
            Holidays = holidays,
            Calendars = _calendars,
            Indicators = fields.RequireList("indicators", ReadIndicator),
        };
    }

    private CalendarDefinition ReadCalendar(YamlNode node)
    {
        var fields = Open(node, DictionaryWords.CalendarFields);
        var (month, day) = fields.Parsed("year_starts", (1, 1), (0, 0), MonthDayText.TryParse, MonthDayText.Allowed);
        return new CalendarDefinition
        {
            Id = fields.RequireText("id", CodeAllowed),
            Name = ReadText(fields.Require("name", TextAllowed)),
            TimeZone = fields.RequireText("time_zone", "write an IANA time zone such as Asia/Shanghai"),
            DayStart = fields.Parsed("day_starts", TimeSpan.Zero, StandIn.Duration, TimeOfDayText.TryParse, TimeOfDayText.Allowed),
            WeekStart = fields.Word("week_starts", DictionaryWords.Weekdays, DayOfWeek.Monday, StandIn.DayOfWeek),
            YearStartMonth = month,
            YearStartDay = day,
            Months = fields.Word("months", DictionaryWords.MonthPatterns, MonthPattern.Calendar, StandIn.MonthPattern),
            YearAnchor = fields.Word("year_anchor", DictionaryWords.YearAnchors, YearAnchor.Nearest, StandIn.YearAnchor),
            Weekend = fields.Has("weekend")
                ? fields.List("weekend", item => fields.WordOf(item, DictionaryWords.Weekdays, StandIn.DayOfWeek))
                : CalendarDefinition.UsualWeekend,
            HolidayTable = fields.Text("holidays", string.Empty, "write the id of a table of holidays, such as cn or us"),
        };
    }

    private HolidayTable ReadHolidayTable(YamlNode node)
    {
        var fields = Open(node, DictionaryWords.HolidayTableFields);
        return new HolidayTable
        {
            Id = fields.RequireText("id", CodeAllowed),
            Name = ReadText(fields.Require("name", TextAllowed)),
            Days = fields.RequireList("days", ReadHoliday),
        };
    }

    private Holiday ReadHoliday(YamlNode node)
    {
        var fields = Open(node, DictionaryWords.HolidayFields);
        var from = fields.RequireParsed("from", StandIn.Date, DateText.TryParse, DateText.Allowed);
        return new Holiday
        {
            Name = ReadText(fields.Require("name", TextAllowed)),
            From = from,
            To = fields.Parsed("to", from, StandIn.Date, DateText.TryParse, DateText.Allowed),
            Workdays = fields.List("workdays", item => fields.ParsedOf(item, StandIn.Date, DateText.TryParse, DateText.Allowed)),
        };
    }

    private DepartmentDefinition ReadDepartment(YamlNode node)
    {
        var fields = Open(node, DictionaryWords.DepartmentFields);
        return new DepartmentDefinition
        {
            Id = fields.RequireText("id", CodeAllowed),
            Name = ReadText(fields.Require("name", TextAllowed)),
            Subscriptions = fields.List("subscriptions", ReadSubscription),
        };
    }

    private Subscription ReadSubscription(YamlNode node)
    {
        var fields = Open(node, DictionaryWords.SubscriptionFields);
        return new Subscription
        {
            Indicator = fields.RequireText("indicator", "write the code of an indicator; '*' stands for any run of characters"),
            Path = fields.Text("path", PathPattern.Everything, PathAllowed),
            Level = fields.Word("level", DictionaryWords.Levels, AlertLevel.Info, standIn: AlertLevel.None),
        };
    }

    private IndicatorDefinition ReadIndicator(YamlNode node)
    {
        var fields = Open(node, DictionaryWords.IndicatorFields);
        return new IndicatorDefinition
        {
            Code = fields.RequireText("code", CodeAllowed),
            Name = ReadText(fields.Require("name", TextAllowed)),
            Description = ReadText(fields.Find("description")),
            Unit = fields.Text("unit", string.Empty, "write a text"),
            Statistic = fields.RequireWord("statistic", DictionaryWords.Statistics, StandIn.Statistic),
            Breakdown = fields.List("breakdown", item => fields.TextOf(item, "write the name of a dimension") ?? string.Empty),
            Resolution = fields.RequireDuration("resolution"),
            Calendar = fields.Find("calendar") is { } calendar ? FindCalendar(fields.TextOf(calendar, CalendarAllowed)) : null,
            Period = fields.Require("period", PeriodAllowed) is { } period ? ReadPeriod(period) : new Period { Kind = StandIn.PeriodKind },
            MorePeriods = fields.List("more_periods", ReadPeriod),
            ComparedPart = fields.Word("compare", DictionaryWords.PartialPeriods, PartialPeriod.Elapsed, StandIn.PartialPeriod),
            YearAlignment = fields.Word("year_ago", DictionaryWords.YearAlignments, YearAlignment.Date, StandIn.YearAlignment),
            Better = fields.Word("better", DictionaryWords.BetterDirections, BetterDirection.None, StandIn.BetterDirection),
            Lateness = fields.Duration("lateness", IndicatorDefinition.DefaultLateness),
            Owner = fields.RequireText("owner", "write the id of a department"),
            Rules = fields.List("rules", ReadRule),
        };
    }

    private CalendarDefinition? FindCalendar(string? id) => id is null ? null : CalendarDefinition.Find(id, _calendars);

    private Period ReadPeriod(YamlNode node)
    {
        var unreadable = new Period { Kind = StandIn.PeriodKind };
        switch (node)
        {
            case YamlScalar scalar:
                return ReadPeriodWord(scalar);
            case YamlSequence:
                _mistakes.AddUnreadable(node.Path, "is a list; write one here, and the others in more_periods");
                return unreadable;
        }

        var fields = Open(node, DictionaryWords.PeriodFields);
        switch (fields.Has("rolling"), fields.Has("day"))
        {
            case (true, false):
                return new Period { Kind = PeriodKind.Rolling, Length = fields.RequireDuration("rolling") };
            case (false, true):
                return new Period { Kind = PeriodKind.Day, TimeZone = fields.RequireText("day", "write an IANA time zone") };
            default:
                fields.Refuse(
                    "must have exactly one of rolling (a duration) and day (an IANA time zone); write the others as a word, such as period: week");
                return unreadable;
        }
    }

    private Period ReadPeriodWord(YamlScalar scalar)
    {
        if (DictionaryWords.TryFind(DictionaryWords.Periods, scalar.Value, out var kind))
        {
            return new Period { Kind = kind };
        }

        var hint = NearestWord.Hint(scalar.Value, DictionaryWords.Periods.Select(pair => pair.Word));
        _mistakes.AddUnreadable(scalar.Path, DurationText.TryParse(scalar.Value, out _)
            ? $"'{scalar.Value}' is a length; write {{ rolling: {scalar.Value} }}"
            : $"unknown word '{PatternRules.Shorten(scalar.Value)}'{hint}; {PeriodAllowed}");
        return new Period { Kind = StandIn.PeriodKind };
    }

    private RuleDefinition ReadRule(YamlNode node)
    {
        var fields = Open(node, DictionaryWords.RuleFields);
        return new RuleDefinition
        {
            Id = fields.RequireText("id", CodeAllowed),
            Name = ReadText(fields.Require("name", TextAllowed)),
            Path = fields.Text("path", PathPattern.Everything, PathAllowed),
            Direction = fields.RequireWord("when", DictionaryWords.Directions, StandIn.Direction),
            MinPoints = fields.WholeNumber("min_points", 0),
            Levels = ReadLevels(fields.Require("levels", "write at least one of info, warning and critical with its thresholds")),
        };
    }

    private ImmutableArray<LevelDefinition> ReadLevels(YamlNode? node)
    {
        if (node is null)
        {
            return [];
        }

        var fields = Open(node, [.. DictionaryWords.Levels.Select(pair => pair.Word)]);
        var levels = ImmutableArray.CreateBuilder<LevelDefinition>();
        foreach (var (word, level) in DictionaryWords.Levels)
        {
            if (fields.Find(word) is { } value)
            {
                levels.Add(ReadLevel(level, value));
            }
        }

        return levels.ToImmutable();
    }

    private LevelDefinition ReadLevel(AlertLevel level, YamlNode node)
    {
        var fields = Open(node, DictionaryWords.LevelFields);
        var enter = fields.RequireNumber("enter");
        return new LevelDefinition { Level = level, Enter = enter, Exit = fields.Number("exit", enter), For = fields.Duration("for", TimeSpan.Zero) };
    }

    private LocalizedText ReadText(YamlNode? node)
    {
        switch (node)
        {
            case null:
                return new LocalizedText();
            case YamlScalar scalar:
                return new LocalizedText { Zh = scalar.Value, En = scalar.Value };
            default:
                var fields = Open(node, DictionaryWords.TextFields);
                return new LocalizedText { Zh = fields.Text("zh", string.Empty, "write a text"), En = fields.Text("en", string.Empty, "write a text") };
        }
    }

    private YamlFields Open(YamlNode node, ImmutableArray<string> known) => new(node, known, _mistakes);
}
