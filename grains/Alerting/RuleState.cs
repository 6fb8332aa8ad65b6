using System.Collections.Immutable;

namespace Monitoring.Alerting;

/// <summary>Where a rule stands on one node; stored with the node.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.rule-state.v1")]
internal sealed record RuleState
{
    /// <summary>Id of the rule within the indicator.</summary>
    [Id(0)] public required string Rule { get; init; }

    /// <summary>The levels that are pending or firing; at most three.</summary>
    [Id(1)] public ImmutableArray<LevelState> Levels { get; init; } = [];

    /// <summary>The open alert; null when none is.</summary>
    [Id(2)] public OpenAlert? Alert { get; init; }

    /// <summary>Phase of a level.</summary>
    public LevelState Find(AlertLevel level)
    {
        foreach (var state in Levels)
        {
            if (state.Level == level)
            {
                return state;
            }
        }

        return new LevelState { Level = level, Phase = RulePhase.Normal };
    }
}

/// <summary>Where one level of a rule stands.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.level-state.v1")]
internal readonly record struct LevelState
{
    /// <summary>Which level.</summary>
    [Id(0)] public required AlertLevel Level { get; init; }

    /// <summary>Normal, pending or firing.</summary>
    [Id(1)] public required RulePhase Phase { get; init; }

    /// <summary>Since when, milliseconds since 1970-01-01T00:00:00Z; 0 while normal.</summary>
    [Id(2)] public long Since { get; init; }
}

/// <summary>The alert that a rule has open on a node.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.open-alert.v1")]
internal sealed record OpenAlert
{
    /// <summary>Identity over its whole life.</summary>
    [Id(0)] public required string Id { get; init; }

    /// <summary>Present level.</summary>
    [Id(1)] public required AlertLevel Level { get; init; }

    /// <summary>Highest level so far.</summary>
    [Id(2)] public required AlertLevel Peak { get; init; }

    /// <summary>When it began, milliseconds since 1970-01-01T00:00:00Z.</summary>
    [Id(3)] public required long StartedAt { get; init; }

    /// <summary>When it reached its present level, milliseconds since 1970-01-01T00:00:00Z.</summary>
    [Id(4)] public required long Since { get; init; }
}
