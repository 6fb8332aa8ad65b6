using System.Collections.Immutable;
using Monitoring.Alerting;
using Monitoring.Dictionary;

namespace Monitoring.Indicators;

/// <summary>A node as it stands.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.node-reading.v1")]
public sealed record NodeReading
{
    /// <summary>Which node.</summary>
    [Id(0)] public required NodeKey Key { get; init; }

    /// <summary>The indicator's statistic over the present period; null when there is no value.</summary>
    [Id(1)] public required double? Value { get; init; }

    /// <summary>What the value was read off.</summary>
    [Id(2)] public required Aggregate Aggregate { get; init; }

    /// <summary>Start of the present period, milliseconds since 1970-01-01T00:00:00Z.</summary>
    [Id(3)] public required long PeriodStart { get; init; }

    /// <summary>End of the present period, exclusive, milliseconds since 1970-01-01T00:00:00Z.</summary>
    [Id(4)] public required long PeriodEnd { get; init; }

    /// <summary>Newest event time seen, milliseconds since 1970-01-01T00:00:00Z; 0 when none.</summary>
    [Id(5)] public required long NewestPoint { get; init; }

    /// <summary>Where each rule that watches this node stands.</summary>
    [Id(6)] public required ImmutableArray<RuleStatus> Rules { get; init; }

    /// <summary>The other present periods of the indicator, in the order of its definition.</summary>
    [Id(7)] public ImmutableArray<PeriodReading> MorePeriods { get; init; } = [];

    /// <summary>All present periods, the one that is judged first.</summary>
    /// <param name="judged">Which one that is.</param>
    public IEnumerable<PeriodReading> Periods(Period judged) => MorePeriods.Prepend(
        new PeriodReading { Period = judged, Value = Value, Aggregate = Aggregate, Start = PeriodStart, End = PeriodEnd });
}

/// <summary>One present period of a node.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.period-reading.v1")]
public sealed record PeriodReading
{
    /// <summary>Which period.</summary>
    [Id(0)] public required Period Period { get; init; }

    /// <summary>The indicator's statistic over it; null when there is no value.</summary>
    [Id(1)] public required double? Value { get; init; }

    /// <summary>What the value was read off.</summary>
    [Id(2)] public required Aggregate Aggregate { get; init; }

    /// <summary>Its start, milliseconds since 1970-01-01T00:00:00Z; <see cref="long.MinValue"/> for the whole life.</summary>
    [Id(3)] public required long Start { get; init; }

    /// <summary>Its end, exclusive; <see cref="long.MaxValue"/> for the whole life.</summary>
    [Id(4)] public required long End { get; init; }
}

/// <summary>Where one rule stands on a node.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.rule-status.v1")]
public sealed record RuleStatus
{
    /// <summary>Id of the rule within the indicator.</summary>
    [Id(0)] public required string Rule { get; init; }

    /// <summary>Normal, pending or firing.</summary>
    [Id(1)] public required RulePhase Phase { get; init; }

    /// <summary>Level that fires or is pending; <see cref="AlertLevel.None"/> when normal.</summary>
    [Id(2)] public required AlertLevel Level { get; init; }

    /// <summary>Since when the phase and level hold, milliseconds since 1970-01-01T00:00:00Z; 0 when always.</summary>
    [Id(3)] public required long Since { get; init; }

    /// <summary>The open alert while firing; otherwise null.</summary>
    [Id(4)] public required string? AlertId { get; init; }
}
