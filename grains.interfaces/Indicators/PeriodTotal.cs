using Monitoring.Dictionary;

namespace Monitoring.Indicators;

/// <summary>All points of the present period of a kind, as a node stores them, so that it need not keep the period's days in memory.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.period-total.v1")]
public readonly record struct PeriodTotal
{
    /// <summary>Which kind of period; made of calendar days, and longer than one.</summary>
    [Id(0)] public required PeriodKind Kind { get; init; }

    /// <summary>Its start, milliseconds since 1970-01-01T00:00:00Z.</summary>
    [Id(1)] public required long Start { get; init; }

    /// <summary>Its end, exclusive.</summary>
    [Id(2)] public required long End { get; init; }

    /// <summary>Its points.</summary>
    [Id(3)] public Aggregate Aggregate { get; init; }

    /// <summary>True when it holds a time.</summary>
    public bool Holds(long time) => time >= Start && time < End;
}
