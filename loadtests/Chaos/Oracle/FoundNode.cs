namespace Monitoring.Chaos.Oracle;

/// <summary>A node as the centre lists it.</summary>
internal sealed record FoundNode
{
    public required string Path { get; init; }

    /// <summary>The statistic over the present period; null when there is none.</summary>
    public required double? Value { get; init; }

    /// <summary>The present period, milliseconds since 1970-01-01T00:00:00Z, end exclusive.</summary>
    public required (long Start, long End) Period { get; init; }

    /// <summary>Points within the period.</summary>
    public required long Count { get; init; }

    /// <summary>Rules with an open alert: rank of the level, and the alert's id.</summary>
    public required IReadOnlyDictionary<string, (int Level, string AlertId)> Firing { get; init; }
}
