using Monitoring.Indicators;

namespace Monitoring.Alerting;

/// <summary>How serious an alert is.</summary>
public enum AlertLevel
{
    /// <summary>No alert.</summary>
    None = 0,

    /// <summary>Worth knowing.</summary>
    Info = 1,

    /// <summary>Somebody should look.</summary>
    Warning = 2,

    /// <summary>Somebody must act now.</summary>
    Critical = 3,
}

/// <summary>Where a rule stands on a node.</summary>
public enum RulePhase
{
    /// <summary>Not breached.</summary>
    Normal = 0,

    /// <summary>Breached, but not yet for as long as the rule demands.</summary>
    Pending = 1,

    /// <summary>An alert is open.</summary>
    Firing = 2,
}

/// <summary>One kind of step in the life of an alert.</summary>
public enum TransitionKind
{
    /// <summary>Not a step; the safe default.</summary>
    None = 0,

    /// <summary>The alert began.</summary>
    Firing = 1,

    /// <summary>It rose to a higher level.</summary>
    Escalated = 2,

    /// <summary>It fell to a lower level.</summary>
    Deescalated = 3,

    /// <summary>It ended.</summary>
    Resolved = 4,

    /// <summary>Somebody of the department took it in hand; known to that department's log only.</summary>
    Acknowledged = 5,
}

/// <summary>One step of an alert, with all a department needs to show it. The node that made it numbers it by its partition's journal.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.alert-transition.v1")]
public sealed record AlertTransition
{
    /// <summary>Identity of the alert, the same over its whole life.</summary>
    [Id(0)] public required string AlertId { get; init; }

    /// <summary>The node that is judged.</summary>
    [Id(1)] public required NodeKey Node { get; init; }

    /// <summary>Id of the rule within the indicator.</summary>
    [Id(2)] public required string Rule { get; init; }

    /// <summary>What happened.</summary>
    [Id(3)] public required TransitionKind Kind { get; init; }

    /// <summary>Level after the step; for a resolve the level that ended.</summary>
    [Id(4)] public required AlertLevel Level { get; init; }

    /// <summary>Highest level of the alert's life.</summary>
    [Id(5)] public required AlertLevel PeakLevel { get; init; }

    /// <summary>When it happened, milliseconds since 1970-01-01T00:00:00Z.</summary>
    [Id(6)] public required long Time { get; init; }

    /// <summary>When the alert began, milliseconds since 1970-01-01T00:00:00Z.</summary>
    [Id(7)] public required long StartedAt { get; init; }

    /// <summary>The value that was judged; null when there was none.</summary>
    [Id(8)] public required double? Value { get; init; }

    /// <summary>The threshold that was crossed; null when none was (the rule was removed, or there was no value).</summary>
    [Id(9)] public required double? Threshold { get; init; }

    /// <summary>Start of the span the value was computed over, milliseconds since 1970-01-01T00:00:00Z.</summary>
    [Id(10)] public required long WindowStart { get; init; }

    /// <summary>End of that span, exclusive, milliseconds since 1970-01-01T00:00:00Z.</summary>
    [Id(11)] public required long WindowEnd { get; init; }

    /// <summary>Points within that span.</summary>
    [Id(12)] public required long WindowPoints { get; init; }

    /// <summary>Version of the dictionary the rule was read from.</summary>
    [Id(13)] public required long DictionaryVersion { get; init; }

    /// <summary>Who acknowledged; empty for other steps.</summary>
    [Id(14)] public string Person { get; init; } = string.Empty;

    /// <summary>What they said; empty for other steps.</summary>
    [Id(15)] public string Comment { get; init; } = string.Empty;
}

/// <summary>An alert in a department's log, as its transitions so far left it.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.alert.v1")]
public sealed record Alert
{
    /// <summary>The last transition that came from the node.</summary>
    [Id(0)] public required AlertTransition Last { get; init; }

    /// <summary>Number of transitions in this department's log.</summary>
    [Id(1)] public required int Transitions { get; init; }

    /// <summary>Time of the last transition of any kind, milliseconds since 1970-01-01T00:00:00Z.</summary>
    [Id(2)] public required long ChangedAt { get; init; }

    /// <summary>The acknowledgement; null when there is none.</summary>
    [Id(3)] public Acknowledgement? Acknowledgement { get; init; }

    /// <summary>Identity of the alert.</summary>
    public string Id => Last.AlertId;

    /// <summary>True until it is resolved.</summary>
    public bool IsOpen => Last.Kind != TransitionKind.Resolved;
}

/// <summary>Who took an alert in hand.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.acknowledgement.v1")]
public sealed record Acknowledgement
{
    /// <summary>Who.</summary>
    [Id(0)] public required string Person { get; init; }

    /// <summary>What they said; may be empty.</summary>
    [Id(1)] public required string Comment { get; init; }

    /// <summary>When, milliseconds since 1970-01-01T00:00:00Z.</summary>
    [Id(2)] public required long Time { get; init; }
}
