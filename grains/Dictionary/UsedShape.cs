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

    /// <summary>Kind of period.</summary>
    [Id(2)] public required PeriodKind Kind { get; init; }

    /// <summary>IANA time zone of a calendar day; empty for a rolling period.</summary>
    [Id(3)] public string TimeZone { get; init; } = string.Empty;

    public static UsedShape Of(IndicatorDefinition indicator) => new()
    {
        Breakdown = indicator.Breakdown,
        Resolution = indicator.Resolution,
        Kind = indicator.Period.Kind,
        TimeZone = indicator.Period.TimeZone,
    };
}
