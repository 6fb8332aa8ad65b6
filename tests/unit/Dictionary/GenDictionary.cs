using System.Collections.Immutable;
using CsCheck;
using Monitoring.Alerting;
using Monitoring.Indicators;

namespace Monitoring.Dictionary;

/// <summary>Generators of valid definitions.</summary>
internal static class GenDictionary
{
    private static readonly string[] Zones = ["UTC", "America/New_York", "Asia/Shanghai", "Asia/Kolkata", "Australia/Lord_Howe"];

    private static readonly Gen<string> Code = Gen.Char["abcz019._-"].Array[1, 12].Select(characters => new string(characters));

    /// <summary>Text of everything that is hard on a writer of YAML, but allowed.</summary>
    private static readonly Gen<string> Text = Gen.OneOf(
            Gen.Char["abZ 019:#,-[]{}&*!|>'\"%@`\\/?~=.$"].Array[0, 15].Select(characters => new string(characters)),
            Gen.Char.Array[0, 15].Select(characters => new string(characters)),
            Gen.OneOf("null", "yes", "~", "-", "- x", "a: b", "a #b", "😀 ok", "平均出发延误", "\u2028", "\ufeff", "<<", "1.5", " edge "))
        .Where(text => TextRules.Mistake(text, 15) is null);

    private static readonly Gen<LocalizedText> Name = Gen.Select(Text, Text)
        .Where((zh, en) => !string.IsNullOrWhiteSpace(zh) || !string.IsNullOrWhiteSpace(en))
        .Select((zh, en) => new LocalizedText { Zh = zh, En = en });

    private static readonly Gen<LocalizedText> Description = Gen.Select(Text, Text, Gen.OneOf("", "\n", "\t", "\n\n  x\n"))
        .Select((zh, en, tail) => new LocalizedText { Zh = zh + tail, En = en });

    private static readonly Gen<ImmutableArray<string>> Breakdown = Gen.OneOf("state", "airport", "机场", "a b", "x:y", "null", "1", "*")
        .Array[0, NodeKey.MaxDepth].Select(names => names.Distinct().ToImmutableArray());

    private static readonly Gen<TimeSpan> Resolution = Gen.OneOf(1_000L, 1_280L, 10_000, 60_000, 300_000, 600_000).Select(milliseconds => TimeSpan.FromMilliseconds(milliseconds));

    private static readonly Gen<TimeSpan> Delay = Gen.OneOf(Gen.Const(0L), Gen.Long[0, 604_800_000]).Select(milliseconds => TimeSpan.FromMilliseconds(milliseconds));

    private static readonly Gen<double> Threshold = Gen.OneOf(
        Gen.Double[-1e9, 1e9], Gen.Int[-100, 100].Select(number => (double)number), Gen.OneOf(1e300, -1e300, 1e-300, 0.1, 1e16));

    public static Gen<DictionaryContent> Content { get; } =
        from ids in Unique(1, 4)
        from codes in Unique(1, 5)
        from departments in Many(ids, id => Department(id, codes))
        from tableIds in Unique(0, 2)
        from tables in Many(tableIds, HolidayTable)
        from calendarIds in Unique(0, 3)
        from calendars in Many(calendarIds, id => Calendar(id, tables))
        from indicators in Many(codes, code => Indicator(code, ids, calendars))
        select new DictionaryContent { Departments = departments, Holidays = tables, Calendars = calendars, Indicators = indicators };

    private static Gen<string[]> Unique(int from, int to) => Code.Array[from, to].Select(codes => codes.Distinct().ToArray());

    private static Gen<ImmutableArray<T>> Many<T>(string[] keys, Func<string, Gen<T>> gen) =>
        keys.Aggregate(Gen.Const(ImmutableArray<T>.Empty), (all, key) => Gen.Select(all, gen(key), (items, item) => items.Add(item)));

    private static Gen<DepartmentDefinition> Department(string id, string[] codes) =>
        from name in Name
        from subscriptions in Gen.Select(
            Gen.OneOf([.. codes, "*", codes[0][..1] + "*"]),
            Pattern(NodeKey.MaxDepth),
            Gen.OneOf(AlertLevel.Info, AlertLevel.Warning, AlertLevel.Critical),
            (indicator, path, level) => new Subscription { Indicator = indicator, Path = path, Level = level }).Array[0, 3]
        select new DepartmentDefinition { Id = id, Name = name, Subscriptions = [.. subscriptions] };

    public static Gen<string> Pattern(int maxDepth) =>
        Gen.Select(Gen.OneOf("*", "GA", "ATL", "a b", "x:y", "#", "北京").Array[0, maxDepth], Gen.Bool, (parts, isOpen) =>
            string.Join('/', isOpen ? [.. parts, PathPattern.Everything] : parts));

    private static Gen<HolidayTable> HolidayTable(string id) =>
        from name in Name
        from days in Gen.Select(
            Name,
            Gen.Int[0, 3_000],
            Gen.Int[0, 10],
            Gen.Int[11, 20].Array[0, 2],
            (holiday, first, length, worked) => new Holiday
            {
                Name = holiday,
                From = new DateOnly(2020, 1, 1).AddDays(first),
                To = new DateOnly(2020, 1, 1).AddDays(first + length),
                Workdays = [.. worked.Distinct().Select(behind => new DateOnly(2020, 1, 1).AddDays(first + behind))],
            }).Array[0, 3]
        select new HolidayTable { Id = id, Name = name, Days = [.. days] };

    private static Gen<CalendarDefinition> Calendar(string id, ImmutableArray<HolidayTable> tables) =>
        from name in Name
        from table in Gen.Int[0, tables.Length]
        from weekend in Gen.Shuffle(Enum.GetValues<DayOfWeek>())
        from off in Gen.Int[0, 6]
        from zone in Gen.OneOf(Zones)
        from dayStart in Gen.OneOf(0, 10, 150, 1_430)
        from weekStart in Gen.Enum<DayOfWeek>()
        from month in Gen.Int[1, 12]
        from day in Gen.Int[1, 28]
        from months in Gen.Enum<MonthPattern>()
        from anchor in Gen.Enum<YearAnchor>()
        select new CalendarDefinition
        {
            Id = id,
            Name = name,
            TimeZone = zone,
            DayStart = TimeSpan.FromMinutes(dayStart),
            WeekStart = weekStart,
            YearStartMonth = month,
            YearStartDay = day,
            Months = months,
            YearAnchor = months == MonthPattern.Calendar ? YearAnchor.Nearest : anchor,
            Weekend = [.. weekend.Take(off)],
            HolidayTable = table == tables.Length ? "" : tables[table].Id,
            Holidays = table == tables.Length ? [] : tables[table].Days,
        };

    private static Gen<(CalendarDefinition? Calendar, Period Period, ImmutableArray<Period> More)> PeriodsOf(
        TimeSpan resolution, ImmutableArray<CalendarDefinition> calendars)
    {
        var kinds = Enum.GetValues<PeriodKind>().Where(kind => kind != PeriodKind.Rolling).Select(kind => new Period { Kind = kind }).ToArray();
        var known = calendars.Concat(Zones.Select(CalendarDefinition.Plain)).ToArray();
        var without = Gen.Select(PeriodOf(resolution), Rolling(resolution), (period, more) =>
            ((CalendarDefinition?)null, period, more == period ? [] : ImmutableArray.Create(more)));
        return resolution == TimeSpan.FromMilliseconds(1_280)
            ? without
            : Gen.OneOf(without, Gen.Select(Gen.OneOf(known), Gen.Shuffle(kinds), Rolling(resolution), Gen.Int[0, 5], (calendar, periods, rolling, count) =>
                ((CalendarDefinition?)calendar, periods[0], ImmutableArray.Create([rolling, .. periods.Skip(1).Take(count)]))));
    }

    private static Gen<Period> Rolling(TimeSpan resolution) =>
        Gen.Int[1, 10_080].Select(buckets => new Period { Kind = PeriodKind.Rolling, Length = resolution * buckets });

    private static Gen<IndicatorDefinition> Indicator(string code, string[] owners, ImmutableArray<CalendarDefinition> calendars) =>
        from name in Name
        from description in Description
        from unit in Text
        from statistic in Gen.Enum<Statistic>()
        from part in Gen.Enum<PartialPeriod>()
        from better in Gen.Enum<BetterDirection>()
        from alignment in Gen.Enum<YearAlignment>()
        from breakdown in Breakdown
        from resolution in Resolution
        from periods in PeriodsOf(resolution, calendars)
        from lateness in Gen.OneOf(Gen.Const(IndicatorDefinition.DefaultLateness), Gen.Long[1_000, 3_153_600_000_000].Select(ms => TimeSpan.FromMilliseconds(ms)))
        from owner in Gen.OneOf(owners)
        from ruleIds in Unique(0, 3)
        from rules in Many(ruleIds, id => Rule(id, breakdown.Length))
        select new IndicatorDefinition
        {
            Code = code,
            Name = name,
            Description = description,
            Unit = unit,
            Statistic = statistic,
            Breakdown = breakdown,
            Resolution = resolution,
            Calendar = periods.Calendar,
            Period = periods.Period,
            MorePeriods = periods.More,
            ComparedPart = part,
            Better = better,
            YearAlignment = alignment,
            Lateness = lateness,
            Owner = owner,
            Rules = rules,
        };

    private static Gen<Period> PeriodOf(TimeSpan resolution)
    {
        var rolling = Rolling(resolution);
        return resolution == TimeSpan.FromMilliseconds(1_280)
            ? rolling
            : Gen.OneOf(rolling, Gen.OneOf(Zones).Select(zone => new Period { Kind = PeriodKind.Day, TimeZone = zone }));
    }

    private static Gen<RuleDefinition> Rule(string id, int depth) =>
        from name in Name
        from path in Pattern(depth)
        from direction in Gen.Enum<RuleDirection>()
        from minPoints in Gen.OneOf(Gen.Const(0L), Gen.Long[0, long.MaxValue])
        from levels in Levels(direction)
        select new RuleDefinition { Id = id, Name = name, Path = path, Direction = direction, MinPoints = minPoints, Levels = levels };

    private static Gen<ImmutableArray<LevelDefinition>> Levels(RuleDirection direction) =>
        from thresholds in Threshold.Array[1, 3]
        from skip in Gen.Int[0, 2]
        from gaps in Gen.OneOf(Gen.Const(0d), Gen.Double[0, 1e6]).Array[3]
        from delays in Delay.Array[3]
        select LevelsOf(direction, thresholds, skip, gaps, delays);

    private static ImmutableArray<LevelDefinition> LevelsOf(RuleDirection direction, double[] thresholds, int skip, double[] gaps, TimeSpan[] delays)
    {
        var sign = direction == RuleDirection.Above ? 1 : -1;
        var enters = thresholds.Distinct().OrderBy(threshold => sign * threshold).ToArray();
        var first = 1 + Math.Min(skip, 3 - enters.Length);
        return
        [
            .. enters.Select((enter, index) => new LevelDefinition
            {
                Level = (AlertLevel)(first + index),
                Enter = enter,
                Exit = enter - sign * gaps[index],
                For = delays[index],
            }),
        ];
    }
}
