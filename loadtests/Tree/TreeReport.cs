using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Monitoring.Reporting;

namespace Monitoring.Tree;

/// <summary>How long points took to one level.</summary>
/// <param name="Level">Steps above the leaf, 0 for the leaf itself.</param>
/// <param name="MsP50">Milliseconds from sending the point until the level's alert arrived.</param>
/// <param name="MsP99">The same, of 99 of 100.</param>
internal sealed record PropagationLevel(int Level, double? MsP50, double? MsP99);

/// <summary>What one run of the tree workload found. Latencies are in milliseconds, null where nothing was measured.</summary>
/// <param name="Options">What was done.</param>
internal sealed record TreeReport([property: JsonIgnore] TreeOptions Options)
{
    public string Scenario => Options.Scenario;

    public int Leaves => Options.Leaves;

    public int Depth => Options.Depth;

    public int Batch => Options.Batch;

    public int Seconds => Options.Seconds;

    public int Warmup => Options.Warmup;

    public int Streams => Options.Streams;

    public string Storage => Options.Centre.Storage;

    public string Processes => Options.Centre.Processes;

    /// <summary>Everything that was sent, the warm-up included.</summary>
    [JsonIgnore]
    public Totals Sent { get; init; }

    public string Version { get; } =
        typeof(Protocol.V1.Point).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? string.Empty;

    public int Cores { get; } = Environment.ProcessorCount;

    /// <summary>Acknowledged points in a second, from the first batch sent to the last acknowledgement.</summary>
    public required double PointsPerSecond { get; init; }

    /// <summary>The same points in a second, from the first batch sent until the root held all of them.</summary>
    public required double PointsAppliedPerSecond { get; init; }

    /// <summary>From the time a batch was due to its acknowledgement.</summary>
    public required double? AckMsP50 { get; init; }

    public required double? AckMsP99 { get; init; }

    public required double? AckMsP999 { get; init; }

    /// <summary>From the time a point was due to its alert at the watcher, nothing else going on.</summary>
    public double? AlertMsP50 { get; init; }

    public double? AlertMsP99 { get; init; }

    /// <summary>The same under half of the load that was reached, and the rate that this was.</summary>
    public double? AlertLoadMsP50 { get; init; }

    public double? AlertLoadMsP99 { get; init; }

    public double? AlertLoadPointsPerSecond { get; init; }

    /// <summary>The same under 90 % of the load that was reached.</summary>
    [JsonPropertyName("alert_load_90_ms_p50")]
    public double? AlertLoad90MsP50 { get; init; }

    [JsonPropertyName("alert_load_90_ms_p99")]
    public double? AlertLoad90MsP99 { get; init; }

    [JsonPropertyName("alert_load_90_points_per_second")]
    public double? AlertLoad90PointsPerSecond { get; init; }

    /// <summary>Alerts that did not arrive within ten seconds.</summary>
    public int AlertsMissing { get; init; }

    /// <summary>From sending a point to each level's alert at the watcher, under half of the load that was reached; leaves first.</summary>
    public IReadOnlyList<PropagationLevel> Propagation { get; init; } = [];

    /// <summary>Points that did not arrive at every level within ten seconds.</summary>
    public int PropagationMissing { get; init; }

    /// <summary>CPU seconds of the gateway from the first batch of the load until the root held everything.</summary>
    public required double Cpu { get; init; }

    /// <summary>Likewise of the silo, when it is a process of its own.</summary>
    public required double? SiloCpu { get; init; }

    /// <summary>Likewise of all processes of the PostgreSQL server.</summary>
    public required double? DatabaseCpu { get; init; }

    /// <summary>Likewise of the load generator.</summary>
    public required double GeneratorCpu { get; init; }

    /// <summary>CPU time of gateway, silo and database for a point, in microseconds.</summary>
    public required double CpuUsPerPoint { get; init; }

    /// <summary>CPU time of the load generator for a point, in microseconds.</summary>
    public required double GeneratorCpuUsPerPoint { get; init; }

    /// <summary>Checkpoints of partitions that ended during the load.</summary>
    public required double Checkpoints { get; init; }

    /// <summary>Largest resident set of the gateway, in bytes.</summary>
    public long RssBytes { get; init; }

    /// <summary>Likewise of the silo, when it is a process of its own.</summary>
    public long? SiloRssBytes { get; init; }

    /// <summary>Memory of the PostgreSQL server after the load, in bytes; what its processes share counts once.</summary>
    public long? DatabaseMemoryBytes { get; init; }

    /// <summary>Growth of the storage after a last checkpoint, in bytes for each point that was sent.</summary>
    public double? DiskBytesPerPoint { get; init; }

    /// <summary>The same without the room of rows that are gone.</summary>
    public double? PackedBytesPerPoint { get; init; }

    /// <summary>Time from the last acknowledgement until the root held everything, in milliseconds.</summary>
    public required double RollUpMs { get; init; }

    /// <summary>True when the root holds exactly what was sent and every alert arrived.</summary>
    public required bool Correct { get; init; }

    /// <summary>The report as an object of JSON.</summary>
    [JsonIgnore]
    public JsonObject Node => ReportText.NodeOf(this);
}
