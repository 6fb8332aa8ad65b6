using System.Globalization;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Monitoring.Tree;

/// <summary>What the tree scenario found. Latencies are in milliseconds, null where nothing was measured.</summary>
internal sealed record TreeReport
{
    private static readonly JsonSerializerOptions _json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // It goes to a terminal: "1.0.0+c90b" may stay as it is.
    };

    public string Scenario { get; } = "tree";

    public required int Leaves { get; init; }

    public required int Batch { get; init; }

    public required int Seconds { get; init; }

    public required int Streams { get; init; }

    public required string Storage { get; init; }

    public string Version { get; } =
        typeof(Protocol.V1.Point).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? string.Empty;

    public int Cores { get; } = Environment.ProcessorCount;

    /// <summary>Acknowledged points in a second, from the first batch sent to the last acknowledgement.</summary>
    public required double PointsPerSecond { get; init; }

    /// <summary>From the time a batch was due to its acknowledgement.</summary>
    public required double? AckMsP50 { get; init; }

    public required double? AckMsP99 { get; init; }

    /// <summary>From the time a point was due to its alert at the watcher, nothing else going on.</summary>
    public required double? AlertMsP50 { get; init; }

    public required double? AlertMsP99 { get; init; }

    /// <summary>The same under half of the load that was reached.</summary>
    public required double? AlertLoadMsP50 { get; init; }

    public required double? AlertLoadMsP99 { get; init; }

    /// <summary>Alerts that did not arrive within ten seconds.</summary>
    public required int AlertsMissing { get; init; }

    /// <summary>CPU seconds of the gateway during the load.</summary>
    public required double Cpu { get; init; }

    /// <summary>Largest resident set of the gateway, in bytes.</summary>
    public required long RssBytes { get; init; }

    /// <summary>Time from the last acknowledgement until the root held everything, in milliseconds.</summary>
    public required double RollUpMs { get; init; }

    /// <summary>True when the root holds exactly what was sent and every alert arrived.</summary>
    public required bool Correct { get; init; }

    /// <summary>Writes a table, and the whole as one line of JSON at the end.</summary>
    [JsonIgnore]
    public string Text => string.Create(CultureInfo.InvariantCulture, $$"""
        tree of {{Leaves}} leaves, {{Streams}} stream(s), batches of {{Batch}}, {{Seconds}} s, {{Storage}}, {{Cores}} cores
          points acknowledged   {{PointsPerSecond,12:N0}} /s
          ack latency           {{AckMsP50,12:N1}} ms p50   {{AckMsP99,10:N1}} ms p99
          alert latency, idle   {{AlertMsP50,12:N1}} ms p50   {{AlertMsP99,10:N1}} ms p99
          alert latency, load   {{AlertLoadMsP50,12:N1}} ms p50   {{AlertLoadMsP99,10:N1}} ms p99
          alerts missing        {{AlertsMissing,12:N0}}
          gateway CPU           {{Cpu,12:N1}} s
          gateway peak memory   {{RssBytes / 1_048_576.0,12:N0}} MiB
          root caught up after  {{RollUpMs,12:N0}} ms
          totals and alerts     {{(Correct ? "correct" : "WRONG"),12}}
        {{JsonSerializer.Serialize(this, _json)}}
        """);
}
