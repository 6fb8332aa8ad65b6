using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Monitoring.Chaos.Reporting;

/// <summary>What the chaos scenario found.</summary>
internal sealed record ChaosReport
{
    private static readonly JsonSerializerOptions _json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public string Scenario { get; } = "chaos";

    public required int Seed { get; init; }

    public required double Minutes { get; init; }

    public required string Storage { get; init; }

    public required int Silos { get; init; }

    public required int Gateways { get; init; }

    public required int Leaves { get; init; }

    public required int Sources { get; init; }

    /// <summary>Points in a second that the sources were to send.</summary>
    public required int Rate { get; init; }

    public string Version { get; } =
        typeof(Protocol.V1.Point).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? string.Empty;

    public int Cores { get; } = Environment.ProcessorCount;

    /// <summary>Good points that were acknowledged, each counted once.</summary>
    public required long Acknowledged { get; init; }

    /// <summary>Batches that were not acknowledged in the end.</summary>
    public required long UnacknowledgedBatches { get; init; }

    /// <summary>Points that were called duplicates.</summary>
    public required long Duplicates { get; init; }

    /// <summary>Points that were rejected, as they had to be.</summary>
    public required long Rejected { get; init; }

    /// <summary>Points that no acknowledgement accounts for, and other contradictions of acknowledgements.</summary>
    public required long Unaccounted { get; init; }

    /// <summary>Acknowledged points that leaves do not hold.</summary>
    public required long Lost { get; init; }

    /// <summary>Points that leaves hold beyond those acknowledged.</summary>
    public required long Doubled { get; init; }

    /// <summary>Nodes of any level that differ in any bucket, or in their present value.</summary>
    public required long UnequalNodes { get; init; }

    /// <summary>Nodes that were compared.</summary>
    public required long Nodes { get; init; }

    /// <summary>Transitions in the log of everything.</summary>
    public required long Transitions { get; init; }

    /// <summary>Transitions that miss, or logs and states that contradict one another.</summary>
    public required long AlertGaps { get; init; }

    /// <summary>Transitions that came more than once.</summary>
    public required long AlertRepeats { get; init; }

    /// <summary>Rules on nodes whose last state follows from the input, and was compared.</summary>
    public required long RulesDecided { get; init; }

    /// <summary>Rules on nodes between two thresholds, of which nothing can be said.</summary>
    public required long RulesUndecided { get; init; }

    /// <summary>Processes that were killed.</summary>
    public int Kills { get; init; }

    /// <summary>Times a process ended that nobody had ended.</summary>
    public int Fallen { get; init; }

    /// <summary>Streams that sources opened.</summary>
    public required int Streams { get; init; }

    /// <summary>Acknowledged points in a second, from the first batch to the last acknowledgement.</summary>
    public double PointsPerSecond { get; init; }

    /// <summary>Longest time any source waited for its next acknowledgement, in seconds.</summary>
    public required double LongestStall { get; init; }

    /// <summary>Seconds from the last acknowledgement until the root held everything.</summary>
    public required double SettleSeconds { get; init; }

    public FaultSummary[] Faults { get; init; } = [];

    public MemoryTrend[] Memory { get; init; } = [];

    /// <summary>What is wrong, for a person; at most some dozens.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Examples { get; init; } = [];

    /// <summary>True when nothing is wrong.</summary>
    [JsonIgnore]
    public bool IsGood =>
        (UnacknowledgedBatches | Unaccounted | Lost | Doubled | UnequalNodes | AlertGaps | AlertRepeats) == 0 && Acknowledged > 0;

    /// <summary>A table, and the whole as one line of JSON at the end.</summary>
    [JsonIgnore]
    public string Text
    {
        get
        {
            var text = new StringBuilder();
            foreach (var example in Examples)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"  ! {example}");
            }

            text.AppendLine(CultureInfo.InvariantCulture, $"""
                chaos with seed {Seed}: {Silos} silo(s), {Gateways} gateway(s), {Storage}, {Leaves} leaves, {Minutes:N1} min, {Cores} cores
                  points acknowledged   {Acknowledged,12:N0}   {PointsPerSecond,10:N0} /s of {Rate:N0}
                  sent again, refused   {Duplicates,12:N0}   {Rejected,10:N0}
                  lost, doubled         {Lost,12:N0}   {Doubled,10:N0}
                  unequal nodes         {UnequalNodes,12:N0}   of {Nodes:N0}
                  unaccounted           {Unaccounted,12:N0}
                  transitions           {Transitions,12:N0}   {RulesDecided,10:N0} rules decided, {RulesUndecided:N0} not
                  alert gaps, repeats   {AlertGaps,12:N0}   {AlertRepeats,10:N0}
                  kills, fallen         {Kills,12:N0}   {Fallen,10:N0}
                  longest stall         {LongestStall,12:N1} s
                  root caught up after  {SettleSeconds,12:N1} s
                """);
            foreach (var fault in Faults)
            {
                text.Append(CultureInfo.InvariantCulture, $"  {fault.Kind,-18} {fault.Times,4} x   stall {fault.LongestStall,6:N1} s")
                    .AppendLine(CultureInfo.InvariantCulture, $"   recovery p50 {fault.RecoveryP50,6:N1} s   max {fault.RecoveryMax,6:N1} s");
            }

            foreach (var trend in Memory)
            {
                text.Append(CultureInfo.InvariantCulture, $"  {trend.Process,-18} peak {trend.PeakMib,6:N0} MiB")
                    .AppendLine(CultureInfo.InvariantCulture, $"   last {trend.LastMib,6:N0} MiB   slope {trend.MibPerHour,8:N1} MiB/h");
            }

            return text.Append(JsonSerializer.Serialize(this, _json)).ToString();
        }
    }
}
