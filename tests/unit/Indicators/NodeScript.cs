using System.Collections.Immutable;
using CsCheck;
using Monitoring.Alerting;
using Monitoring.Dictionary;
using Monitoring.Infrastructure;

namespace Monitoring.Indicators;

/// <summary>What happens to one node: a random definition, and what its partition tells it entry by entry.</summary>
internal sealed record NodeScript(IndicatorDefinition Definition, ImmutableArray<NodeScript.Entry> Entries)
{
    /// <summary>One journal entry, and what the partition does behind it.</summary>
    /// <param name="Elapsed">Milliseconds since the entry before.</param>
    /// <param name="Points">Event time relative to the entry's time in milliseconds, and value.</param>
    /// <param name="IsContributed">True when the points come as contributions of children, one delta for each two of a bucket.</param>
    /// <param name="Behind">0 nothing, 1 a checkpoint, 2 a checkpoint after which the node loses its memory, 3 it loses it without one.</param>
    internal sealed record Entry(long Elapsed, (long Age, double Value)[] Points, bool IsContributed, int Behind);

    private const long Hour = 3_600_000;
    private const long Day = 24 * Hour;

    public static readonly long Begin = new DateTimeOffset(2026, 3, 7, 20, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    /// <summary>Every kind of period at once, one of them judged, or days of buckets that are days.</summary>
    private static readonly Gen<IndicatorDefinition> GenOfCalendar = Gen.Select(
        Gen.OneOf(
            Calendar("UTC", 0) with { YearStartMonth = 4 },
            Calendar("Asia/Shanghai", 150) with { WeekStart = DayOfWeek.Sunday },
            Calendar("America/New_York", 120) with { Months = MonthPattern.Weeks445, YearStartMonth = 2 }),
        Gen.Shuffle(
            new[]
            {
                Sample.Of(PeriodKind.Day), Sample.Of(PeriodKind.Week), Sample.Of(PeriodKind.Month), Sample.Of(PeriodKind.Quarter), Sample.Of(PeriodKind.Year),
                Sample.Of(PeriodKind.Life), Sample.Rolling(TimeSpan.FromHours(3)), Sample.Rolling(TimeSpan.FromHours(50)),
            }),
        Gen.Int[0, 7],
        Gen.Bool,
        (calendar, periods, more, isDaily) =>
        {
            var isOfDays = isDaily && calendar.TimeZone == "UTC";
            var kept = isOfDays ? periods.Where(period => period.Kind != PeriodKind.Rolling).ToArray() : periods;
            return Sample.Indicator(kept[0], isOfDays ? TimeSpan.FromDays(1) : TimeSpan.FromMinutes(30)) with
            {
                Calendar = calendar,
                MorePeriods = [.. kept.Skip(1).Take(more)],
            };
        });

    private static readonly Gen<IndicatorDefinition> GenDefinition = Gen.Select(
        Gen.OneOf(
            Gen.Select(Gen.OneOf(60, 900), Gen.Int[1, 8]).Select(pair =>
                Sample.Indicator(Sample.Rolling(TimeSpan.FromSeconds(pair.Item1 * pair.Item2)), TimeSpan.FromSeconds(pair.Item1))),
            Gen.Select(Gen.OneOf(900, 3_600), Gen.OneOf("UTC", "America/New_York", "Asia/Shanghai", "Asia/Tokyo")).Select(pair =>
                Sample.Indicator(Sample.Day(pair.Item2), TimeSpan.FromSeconds(pair.Item1))),
            Gen.Const(Sample.Indicator(Sample.Day("UTC"), TimeSpan.FromDays(1))),
            GenOfCalendar),
        Gen.Enum<Statistic>(),
        Gen.OneOf(0L, 0L, 90_000L),
        (definition, statistic, hold) => definition with
        {
            Statistic = statistic,
            Rules =
            [
                Sample.Rule("high", new LevelDefinition { Level = AlertLevel.Warning, Enter = 8, Exit = 6, For = TimeSpan.FromMilliseconds(hold) }),
                Sample.Rule("elsewhere", new LevelDefinition { Level = AlertLevel.Info, Enter = -1_000, Exit = -1_000 }) with { Path = "TX/**" },
            ],
        });

    private static readonly Gen<Entry> GenEntry = Gen.Select(
        Gen.Frequency((12, Gen.OneOf(0L, 1L, 20_000L, 61_000L, 20 * 60_000L, 5 * Hour)), (2, Gen.Long[0, 10 * Day]), (1, Gen.Long[0, 200 * Day])),
        Gen.Select(
            Gen.Frequency((6, Gen.Long[0, 5_000]), (2, Gen.Long[0, 2 * Hour]), (1, Gen.Long[0, 40 * Hour]), (1, Gen.Long[0, 100 * Day]), (1, Gen.Long[-120_000, 0]), (1, Gen.Long[-9 * Day, 0])),
            Gen.Int[-5, 10].Select(value => (double)value)).Array[0, 5],
        Gen.Bool,
        Gen.Frequency((6, Gen.Const(0)), (2, Gen.Const(1)), (1, Gen.Const(2)), (2, Gen.Const(3))),
        (elapsed, points, isContributed, behind) => new Entry(elapsed, points, isContributed, behind));

    private static CalendarDefinition Calendar(string timeZone, int dayStart) =>
        CalendarDefinition.Plain(timeZone) with { DayStart = TimeSpan.FromMinutes(dayStart) };

    public static readonly Gen<NodeScript> Any = Gen.Select(GenDefinition, GenEntry.Array[1, 25], (definition, entries) => new NodeScript(definition, [.. entries]));
}
