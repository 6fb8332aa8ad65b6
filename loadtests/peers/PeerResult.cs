using System.Text.Json.Serialization;

namespace Monitoring.Peers;

/// <summary>What was measured of one system. Latencies are in milliseconds, null where no alert came.</summary>
internal sealed record PeerResult
{
    public required string Name { get; init; }

    public required string Version { get; init; }

    /// <summary>Connections, or streams, over which the load came.</summary>
    public required int Connections { get; init; }

    /// <summary>Points in a second that were applied to the root: from the first batch sent until the root held all of them.</summary>
    public required double PointsPerSecond { get; init; }

    /// <summary>The same until the last acknowledgement.</summary>
    public required double AcknowledgedPerSecond { get; init; }

    /// <summary>From the time a point was due to its alert at the watcher, nothing else going on.</summary>
    public required double? AlertMsP50 { get; init; }

    public required double? AlertMsP99 { get; init; }

    /// <summary>The same under half of the load that was reached.</summary>
    public required double? AlertLoadMsP50 { get; init; }

    public required double? AlertLoadMsP99 { get; init; }

    /// <summary>Alerts that did not arrive in time.</summary>
    public required int AlertsMissing { get; init; }

    /// <summary>CPU time of all processes during the load, the load generator's not counted.</summary>
    public required double CpuSeconds { get; init; }

    /// <summary>The same for a point, in microseconds: it depends less than points in a second on what else the machine does.</summary>
    public required double CpuUsPerPoint { get; init; }

    /// <summary>Bytes on disk per point in steady state; null where it was not measured.</summary>
    public double? BytesPerPoint { get; init; }

    /// <summary>Bytes per point beside that which are there for a limited time; null where there are none.</summary>
    public double? TransientBytesPerPoint { get; init; }

    /// <summary>What the bytes are of.</summary>
    public string BytesOf { get; init; } = string.Empty;

    /// <summary>Whether the root held what was acknowledged.</summary>
    [JsonIgnore]
    public bool IsTotalRight { get; init; }

    /// <summary>Whether the totals are right and no alert is missing.</summary>
    public bool Correct => IsTotalRight && AlertsMissing == 0;
}
