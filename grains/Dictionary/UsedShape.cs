using System.Collections.Immutable;

namespace Monitoring.Dictionary;

/// <summary>What stored buckets of a code look like: it may never change, also after the code was away for a while.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.used-shape.v1")]
internal sealed record UsedShape
{
    /// <summary>Dimension names, from the top.</summary>
    [Id(0)] public ImmutableArray<string> Breakdown { get; init; } = [];

    /// <summary>Width of a bucket.</summary>
    [Id(1)] public required TimeSpan Resolution { get; init; }

    /// <summary><see cref="PeriodKind.Day"/> when days of a calendar are stored, otherwise <see cref="PeriodKind.Rolling"/>.</summary>
    [Id(2)] public required PeriodKind Kind { get; init; }

    /// <summary>IANA time zone of the stored days; empty for none.</summary>
    [Id(3)] public string TimeZone { get; init; } = string.Empty;

    /// <summary>When the stored days begin, from midnight.</summary>
    [Id(4)] public TimeSpan DayStart { get; init; }

    public static UsedShape Of(IndicatorDefinition indicator) => new()
    {
        Breakdown = indicator.Breakdown,
        Resolution = indicator.Resolution,
        Kind = indicator.HasCalendar ? PeriodKind.Day : PeriodKind.Rolling,
        TimeZone = indicator.Calendar?.TimeZone ?? indicator.Period.TimeZone,
        DayStart = indicator.Calendar?.DayStart ?? TimeSpan.Zero,
    };
}
