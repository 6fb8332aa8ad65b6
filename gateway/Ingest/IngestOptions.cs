using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Monitoring.Gateway.Ingest;

/// <summary>What a push stream may hold, and how long the gateway is patient.</summary>
public sealed class IngestOptions
{
    public const string SectionName = "Ingest";

    /// <summary>Batches of a stream that may be read ahead of their acknowledgement. More hides latency and costs memory. Default: 64.</summary>
    [Range(1, 10_000)]
    public int Window { get; set; } = 64;

    /// <summary>Largest number of points in a batch. Default: 10,000.</summary>
    [Range(1, 10_000)]
    public int MaxBatchPoints { get; set; } = 10_000;

    /// <summary>How far in the future the time of a point may lie, for clocks that run fast. Default: 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan MaxFuture { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Greatest handle; a stream's table of handles grows up to it. Default: 1,000,000.</summary>
    [Range(1, 100_000_000)]
    public int MaxHandle { get; set; } = 1_000_000;

    /// <summary>Nodes a stream remembers for points that come without a handle. Default: 100,000.</summary>
    [Range(1, 10_000_000)]
    public int MaxNamedNodes { get; set; } = 100_000;

    /// <summary>How long a stream may take to say Hello. Default: 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan HelloTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Push streams open at once. Default: 1,000.</summary>
    [Range(1, 100_000)]
    public int MaxStreams { get; set; } = 1_000;

    /// <summary>
    /// Points per second that a source may send here, in the long run; more make it wait, nothing is lost. 0 for as many as it can. Default: 0.
    /// </summary>
    [Range(0, 1_000_000_000)]
    public int SourcePointsPerSecond { get; set; }

    /// <summary>Points that a source may send at once beyond that, after it sent less for a while. Default: 100,000.</summary>
    [Range(1, 1_000_000_000)]
    public int SourceBurstPoints { get; set; } = 100_000;

    /// <summary>The same two for sources by name, instead of those above. Default: none.</summary>
    public Dictionary<string, SourceQuota> Quotas { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Sources that metrics name when they had to wait; the rest is counted together. Default: 100.</summary>
    [Range(0, 10_000)]
    public int MaxNamedSources { get; set; } = 100;

    /// <summary>
    /// Most points in one call to a partition, but for a single batch; what waits beyond goes with the next call. Bounds what others wait for
    /// behind it on the way to a silo. Default: 50,000.
    /// </summary>
    [Range(1, 1_000_000)]
    public int MaxDeliveryPoints { get; set; } = 50_000;

    /// <summary>
    /// Calls to one partition in flight at once that streams with small batches share; what they have for it meanwhile goes with the next one.
    /// More hides the latency of a call, fewer make many streams cheaper. Default: 2.
    /// </summary>
    [Range(1, 1_000)]
    public int MaxSharedCalls { get; set; } = 2;

    /// <summary>
    /// How long a delivery may stay without an answer before it is sent again, which does no harm: a silo that died may take the answer
    /// with it. Default: 5 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan DeliveryTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a delivery is repeated while the cluster fails to take it, before the stream ends. Default: 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan RetryLimit { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Pause before the first repetition; it doubles with each further one. Default: 50 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Longest pause between repetitions. Default: 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How often a stream records what it acknowledged, which saves a source without memory from resending more. Default: 1 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00")]
    public TimeSpan RecordInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a stream that the gateway ends may take to acknowledge what it read. Default: 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long sources are asked to wait before they reconnect to another gateway. Default: 500 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan ReconnectDelay { get; set; } = TimeSpan.FromMilliseconds(500);
}

/// <summary>What one source may send.</summary>
public sealed class SourceQuota
{
    /// <summary>Points per second, in the long run; 0 for as many as it can.</summary>
    public int PointsPerSecond { get; set; }

    /// <summary>Points at once beyond that; <see cref="IngestOptions.SourceBurstPoints"/> unless given.</summary>
    public int? BurstPoints { get; set; }
}

[OptionsValidator]
internal sealed partial class IngestOptionsValidator : IValidateOptions<IngestOptions>;

/// <summary>The rules of <see cref="IngestOptions"/> that no attribute can state.</summary>
internal sealed class IngestOptionsRules : IValidateOptions<IngestOptions>
{
    private const int Most = 1_000_000_000;

    public ValidateOptionsResult Validate(string? name, IngestOptions options)
    {
        var mistakes = new List<string>();
        foreach (var (source, quota) in options.Quotas)
        {
            if (SourceName.Mistake(source) is not null)
            {
                mistakes.Add($"Ingest:Quotas:{source} is not the name of a source; expected 1 to 100 characters of a-z, 0-9, '.', '_', '-'");
            }

            if (quota.PointsPerSecond is < 0 or > Most)
            {
                mistakes.Add($"Ingest:Quotas:{source}:PointsPerSecond is '{quota.PointsPerSecond}', but it must be between 0 and {Most}");
            }

            if (quota.BurstPoints is < 1 or > Most)
            {
                mistakes.Add($"Ingest:Quotas:{source}:BurstPoints is '{quota.BurstPoints}', but it must be between 1 and {Most}");
            }
        }

        return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
    }
}
