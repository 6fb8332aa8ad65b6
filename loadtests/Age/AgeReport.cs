namespace Monitoring.Age;

/// <summary>What a load reached.</summary>
/// <param name="PointsAppliedPerSecond">Points in a second, from the first batch sent until the root held all of them.</param>
/// <param name="AckMsP99">Milliseconds from sending a batch to its acknowledgement, 99 of 100.</param>
/// <param name="CpuUsPerPoint">CPU time of gateway, silo and database for a point, in microseconds.</param>
internal sealed record AgeStep(double PointsAppliedPerSecond, double? AckMsP99, double CpuUsPerPoint);

/// <summary>What the age scenario found.</summary>
internal sealed record AgeReport
{
    public string Scenario { get; } = "age";

    public required int Leaves { get; init; }

    public required int Batch { get; init; }

    public required int Hours { get; init; }

    public required string Storage { get; init; }

    public required string Processes { get; init; }

    /// <summary>On empty storage.</summary>
    public required AgeStep Empty { get; init; }

    /// <summary>After the history.</summary>
    public required AgeStep Filled { get; init; }

    /// <summary>CPU time of a point after the history, over that on empty storage.</summary>
    public required double CpuRatio { get; init; }

    /// <summary>Points of the history that became durable and were rolled up in a second.</summary>
    public required double HistoryPointsPerSecond { get; init; }

    /// <summary>Storage with the history, in bytes.</summary>
    public required long DiskBytes { get; init; }

    /// <summary>True when the root always held exactly what was sent.</summary>
    public required bool Correct { get; init; }
}
