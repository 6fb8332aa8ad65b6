using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Monitoring.Reporting;

namespace Monitoring.Peers;

/// <summary>Monitoring beside its peers, measured on the same machine in the same run. What was not compared is null.</summary>
internal sealed record PeersReport
{
    public string Scenario { get; } = "peers";

    public required int Leaves { get; init; }

    public required int Batch { get; init; }

    public required int Seconds { get; init; }

    /// <summary>Storage of Monitoring.</summary>
    public required string Storage { get; init; }

    /// <summary>Processes that wanted to run in the minute before; figures of a machine that does much else are low.</summary>
    public required double LoadAverageBefore { get; init; }

    public int Cores { get; } = Environment.ProcessorCount;

    /// <summary>Points in a second that Monitoring applied to the root, over those of the peer; likewise below.</summary>
    public double? RatioToPrometheus => RatioTo(Prometheus);

    [JsonPropertyName("ratio_to_postgresql")]
    public double? RatioToPostgreSql => RatioTo(PostgreSql);

    [JsonPropertyName("ratio_to_victoriametrics")]
    public double? RatioToVictoriaMetrics => RatioTo(VictoriaMetrics);

    public required PeerResult Monitoring { get; init; }

    public PeerResult? Prometheus { get; init; }

    [JsonPropertyName("postgresql")]
    public PeerResult? PostgreSql { get; init; }

    [JsonPropertyName("victoriametrics")]
    public PeerResult? VictoriaMetrics { get; init; }

    /// <summary>Whether the totals of all are right and no alert is missing.</summary>
    public bool Correct => Results.All(result => result.Correct);

    [JsonIgnore]
    private IEnumerable<PeerResult> Results =>
        ImmutableArray.Create(Monitoring, Prometheus, PostgreSql, VictoriaMetrics).OfType<PeerResult>();

    /// <summary>The last line: everything as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ReportText.Json);

    /// <summary>A table for people.</summary>
    public string ToTable()
    {
        var results = Results.ToList();
        var table = new StringBuilder();
        table.AppendLine(CultureInfo.InvariantCulture, $"{Leaves:N0} leaves, batches of {Batch:N0}, {Seconds} s of load each, Monitoring on {Storage}, {Cores} cores, load average before {LoadAverageBefore}");
        Add(string.Empty, result => result.Name);
        Add("version", result => result.Version.Split('+')[0]);
        Add("connections", result => Number(result.Connections, "N0"));
        Add("points/s applied to the root", result => Number(result.PointsPerSecond, "N0"));
        Add("points/s acknowledged", result => Number(result.AcknowledgedPerSecond, "N0"));
        Add("alert, idle, p50 ms", result => Number(result.AlertMsP50, "N1"));
        Add("alert, idle, p99 ms", result => Number(result.AlertMsP99, "N1"));
        Add("alert, half load, p50 ms", result => Number(result.AlertLoadMsP50, "N1"));
        Add("alert, half load, p99 ms", result => Number(result.AlertLoadMsP99, "N1"));
        Add("alerts missing", result => Number(result.AlertsMissing, "N0"));
        Add("bytes/point on disk", result => Number(result.BytesPerPoint, "N1"));
        Add("beside that, for some time", result => Number(result.TransientBytesPerPoint, "N1"));
        Add("CPU of the load, s", result => Number(result.CpuSeconds, "N1"));
        Add("CPU of a point, µs", result => Number(result.CpuUsPerPoint, "N2"));
        Add("totals and alerts", result => result.Correct ? "correct" : "WRONG");
        Add("points/s of Monitoring to its", result => Number(result == Monitoring ? null : RatioTo(result), "N2"));
        foreach (var result in results)
        {
            table.AppendLine(CultureInfo.InvariantCulture, $"  bytes/point of {result.Name}: {result.BytesOf}");
        }

        return table.ToString();

        void Add(string title, Func<PeerResult, string> cell)
        {
            table.Append(CultureInfo.InvariantCulture, $"  {title,-30}");
            foreach (var result in results)
            {
                table.Append(CultureInfo.InvariantCulture, $"{cell(result),17}");
            }

            table.AppendLine();
        }

        static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";
    }

    private double? RatioTo(PeerResult? peer) => peer is null ? null : Math.Round(Monitoring.PointsPerSecond / peer.PointsPerSecond, 3);
}
