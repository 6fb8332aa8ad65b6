namespace Monitoring.Chaos.Oracle;

/// <summary>Steps of an alert.</summary>
internal enum StepKind
{
    Firing = 1,
    Escalated = 2,
    Deescalated = 3,
    Resolved = 4,
}

/// <summary>An entry of a department's alert log as a watcher saw it. Levels are 1 for info, 2 for warning, 3 for critical.</summary>
internal sealed record LoggedTransition
{
    /// <summary>Position in the department's log: 1, 2, 3…</summary>
    public required long Cursor { get; init; }

    public required string AlertId { get; init; }

    /// <summary>1, 2, 3… over the alert's life in this log.</summary>
    public required int Number { get; init; }

    public required StepKind Kind { get; init; }

    public required int Level { get; init; }

    public required int PeakLevel { get; init; }

    /// <summary>When it happened, milliseconds since 1970-01-01T00:00:00Z.</summary>
    public required long Time { get; init; }

    public required double? Value { get; init; }

    public required bool IsOpen { get; init; }

    /// <summary>Indicator, path and rule.</summary>
    public required (string Indicator, string Path, string Rule) Subject { get; init; }
}
