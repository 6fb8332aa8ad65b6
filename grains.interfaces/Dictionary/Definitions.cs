using System.Collections.Immutable;
using Monitoring.Alerting;
using Monitoring.Indicators;

namespace Monitoring.Dictionary;

/// <summary>A name in both languages of the console.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.localized-text.v1")]
public sealed record LocalizedText
{
    /// <summary>Simplified Chinese; may be empty when English is given.</summary>
    [Id(0)] public string Zh { get; init; } = string.Empty;

    /// <summary>English; may be empty when Chinese is given.</summary>
    [Id(1)] public string En { get; init; } = string.Empty;

    /// <summary>The text in a language, or in the other one when that is empty.</summary>
    /// <param name="chinese">True for Chinese, false for English.</param>
    public string In(bool chinese) => (chinese ? (Zh, En) : (En, Zh)) is var (wanted, other) && wanted.Length > 0 ? wanted : other;
}

/// <summary>A department and what it is warned about.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.department-definition.v1")]
public sealed record DepartmentDefinition
{
    /// <summary>1 to 100 characters of a-z, 0-9, '.', '_', '-'.</summary>
    [Id(0)] public required string Id { get; init; }

    /// <summary>Name.</summary>
    [Id(1)] public required LocalizedText Name { get; init; }

    /// <summary>What it is warned about; at most 1,000.</summary>
    [Id(2)] public ImmutableArray<Subscription> Subscriptions { get; init; } = [];
}

/// <summary>What a department is warned about.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.subscription.v1")]
public sealed record Subscription
{
    /// <summary>Code of an indicator; '*' stands for any run of characters.</summary>
    [Id(0)] public required string Indicator { get; init; }

    /// <summary>Path pattern, see <see cref="PathPattern"/>; <c>**</c> is everything.</summary>
    [Id(1)] public string Path { get; init; } = PathPattern.Everything;

    /// <summary>Lowest level; alerts that never reached it are not told.</summary>
    [Id(2)] public AlertLevel Level { get; init; } = AlertLevel.Info;
}

/// <summary>What an indicator means.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.indicator-definition.v1")]
public sealed record IndicatorDefinition
{
    /// <summary>1 to 100 characters of a-z, 0-9, '.', '_', '-'.</summary>
    [Id(0)] public required string Code { get; init; }

    /// <summary>Name.</summary>
    [Id(1)] public required LocalizedText Name { get; init; }

    /// <summary>Shown, not computed with; may be empty.</summary>
    [Id(2)] public string Unit { get; init; } = string.Empty;

    /// <summary>What is read off the period's points.</summary>
    [Id(3)] public required Statistic Statistic { get; init; }

    /// <summary>Dimension names, from the top; at most <see cref="NodeKey.MaxDepth"/>.</summary>
    [Id(4)] public ImmutableArray<string> Breakdown { get; init; } = [];

    /// <summary>Width of a bucket.</summary>
    [Id(5)] public required TimeSpan Resolution { get; init; }

    /// <summary>The span the indicator is judged over.</summary>
    [Id(6)] public required Period Period { get; init; }

    /// <summary>Id of the department that owns the definition.</summary>
    [Id(7)] public required string Owner { get; init; }

    /// <summary>Its rules; at most 50.</summary>
    [Id(8)] public ImmutableArray<RuleDefinition> Rules { get; init; } = [];

    /// <summary>What it means, in words; may be empty.</summary>
    [Id(9)] public LocalizedText Description { get; init; } = new();

    /// <summary>
    /// How much older than the moment of its arrival a point may be and still count at once; an older one is kept apart, to be put in by
    /// hand. 1 s to <see cref="LongestLateness"/>.
    /// </summary>
    [Id(10)] public TimeSpan Lateness { get; init; } = DefaultLateness;

    /// <summary>
    /// The calendar of its days; null when it has none, or when <see cref="Period"/> names the time zone of plain days. It comes with
    /// the definition so that whoever computes with one needs nothing else.
    /// </summary>
    [Id(11)] public CalendarDefinition? Calendar { get; init; }

    /// <summary>Periods that are kept beside <see cref="Period"/>, which alone is judged.</summary>
    [Id(12)] public ImmutableArray<Period> MorePeriods { get; init; } = [];

    /// <summary>With which part of an earlier period the present one is compared.</summary>
    [Id(13)] public PartialPeriod ComparedPart { get; init; } = PartialPeriod.Elapsed;

    /// <summary>Whether more is better.</summary>
    [Id(14)] public BetterDirection Better { get; init; } = BetterDirection.None;

    /// <summary>Which day and week of the year before present ones are compared with.</summary>
    [Id(15)] public YearAlignment YearAlignment { get; init; } = YearAlignment.Date;

    /// <summary>True when it has a calendar, be it one of plain days.</summary>
    public bool HasCalendar => Calendar is not null || Period.TimeZone.Length > 0;

    /// <summary>All periods, the one that is judged first.</summary>
    public IEnumerable<Period> Periods => MorePeriods.Prepend(Period);

    /// <summary>Longest rolling period; zero for none.</summary>
    public TimeSpan LongestRolling
    {
        get
        {
            var longest = Period.Length;
            foreach (var period in MorePeriods)
            {
                longest = period.Length > longest ? period.Length : longest;
            }

            return longest;
        }
    }

    /// <summary>True when nodes hold in memory what another definition needs.</summary>
    public bool HasSamePeriodsAs(IndicatorDefinition other) => ReferenceEquals(this, other)
        || (Periods.SequenceEqual(other.Periods)
            && (Calendar is null ? other.Calendar is null : other.Calendar is { } calendar && Calendar.DividesTimeAs(calendar)));

    /// <summary><see cref="Lateness"/> of a definition that does not say: 35 days, so that a whole month can be sent again.</summary>
    public static TimeSpan DefaultLateness { get; } = TimeSpan.FromDays(35);

    /// <summary>Greatest <see cref="Lateness"/>: a hundred years, which is as good as no limit.</summary>
    public static TimeSpan LongestLateness { get; } = TimeSpan.FromDays(36_500);
}

/// <summary>With which part of an earlier period a present one is compared that is not over yet.</summary>
public enum PartialPeriod
{
    /// <summary>As many days and the same part of the day.</summary>
    Elapsed = 0,

    /// <summary>As many working days and the same part of the working day.</summary>
    WorkingTime = 1,

    /// <summary>The whole of it.</summary>
    Full = 2,
}

/// <summary>Which day of the year before is the same.</summary>
public enum YearAlignment
{
    /// <summary>That of the same date.</summary>
    Date = 0,

    /// <summary>Within 45 days of the Spring Festival the one that lies as many days from it; otherwise that of the same date.</summary>
    SpringFestival = 1,
}

/// <summary>Whether more of an indicator is better.</summary>
public enum BetterDirection
{
    /// <summary>Neither.</summary>
    None = 0,

    /// <summary>More is better.</summary>
    Higher = 1,

    /// <summary>Less is better.</summary>
    Lower = 2,
}

/// <summary>The span an indicator is judged over.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.period.v1")]
public sealed record Period
{
    /// <summary>Which kind of span.</summary>
    [Id(0)] public required PeriodKind Kind { get; init; }

    /// <summary>Length of a rolling period, a multiple of the resolution; zero for any other.</summary>
    [Id(1)] public TimeSpan Length { get; init; }

    /// <summary>IANA time zone of plain days, for an indicator without a calendar; otherwise empty.</summary>
    [Id(2)] public string TimeZone { get; init; } = string.Empty;
}

/// <summary>Kinds of <see cref="Period"/>.</summary>
public enum PeriodKind
{
    /// <summary>The last so much time, in whole buckets, the running one included.</summary>
    Rolling = 0,

    /// <summary>The present day of the calendar.</summary>
    Day = 1,

    /// <summary>The present week of the calendar.</summary>
    Week = 2,

    /// <summary>The present month of the calendar.</summary>
    Month = 3,

    /// <summary>The present quarter of the calendar's year.</summary>
    Quarter = 4,

    /// <summary>The present year of the calendar.</summary>
    Year = 5,

    /// <summary>All days.</summary>
    Life = 6,
}

/// <summary>A condition on the nodes of an indicator.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.rule-definition.v1")]
public sealed record RuleDefinition
{
    /// <summary>Unique within the indicator; same characters as a code.</summary>
    [Id(0)] public required string Id { get; init; }

    /// <summary>Name.</summary>
    [Id(1)] public required LocalizedText Name { get; init; }

    /// <summary>Which nodes, see <see cref="PathPattern"/>; <c>**</c> is every node.</summary>
    [Id(2)] public string Path { get; init; } = PathPattern.Everything;

    /// <summary>On which side of the thresholds the rule is breached.</summary>
    [Id(3)] public required RuleDirection Direction { get; init; }

    /// <summary>Levels from the lowest to the highest, each at most once, thresholds ever stricter; at least one.</summary>
    [Id(4)] public required ImmutableArray<LevelDefinition> Levels { get; init; }

    /// <summary>The rule is breached only when the period holds at least this many points; 0 for no such condition.</summary>
    [Id(5)] public long MinPoints { get; init; }
}

/// <summary>On which side of its thresholds a rule is breached.</summary>
public enum RuleDirection
{
    /// <summary>At or above the threshold.</summary>
    Above = 0,

    /// <summary>At or below the threshold.</summary>
    Below = 1,
}

/// <summary>One level of a rule.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.level-definition.v1")]
public sealed record LevelDefinition
{
    /// <summary>Which level; never <see cref="AlertLevel.None"/>.</summary>
    [Id(0)] public required AlertLevel Level { get; init; }

    /// <summary>The level begins when the value reaches this.</summary>
    [Id(1)] public required double Enter { get; init; }

    /// <summary>The level ends when the value falls back behind this: below it for <see cref="RuleDirection.Above"/>, above it for Below.</summary>
    [Id(2)] public required double Exit { get; init; }

    /// <summary>How long <see cref="Enter"/> must be reached without a break before the level begins; zero begins at once.</summary>
    [Id(3)] public TimeSpan For { get; init; }
}
