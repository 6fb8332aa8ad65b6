using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Monitoring.Gateway.Console;

/// <summary>Limits of the web console.</summary>
internal sealed class ConsoleOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string SectionName = "Console";

    /// <summary>Shortest time between two renderings of one page. Shorter is livelier and costs more. Default: 250 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:10")]
    public TimeSpan RenderInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How often live values are asked for. Default: 500 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan LiveInterval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How often an open chart reads its newest buckets. Default: 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan ChartInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a sparkline and the number of nodes are good for. Default: 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan SlowInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Nodes of one level that a page keeps; the rest is counted only. Default: 1,000.</summary>
    [Range(10, 100_000)]
    public int MaxNodesPerLevel { get; set; } = 1_000;

    /// <summary>Levels one tree may have open at once. Default: 50.</summary>
    [Range(1, 1_000)]
    public int MaxExpandedNodes { get; set; } = 50;

    /// <summary>Values a chart draws at most. Default: 600.</summary>
    [Range(50, 5_000)]
    public int MaxChartValues { get; set; } = 600;

    /// <summary>Sparklines kept for all visitors. Default: 10,000.</summary>
    [Range(100, 1_000_000)]
    public int MaxSparklines { get; set; } = 10_000;

    /// <summary>Alerts on one page of resolved alerts. Default: 50.</summary>
    [Range(1, 1_000)]
    public int AlertPageSize { get; set; } = 50;

    /// <summary>First pause after a feed broke; doubles up to <see cref="MaxBackoff"/>. Default: 500 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan MinBackoff { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest pause between attempts to resume a feed. Default: 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan MaxBackoff { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The pause before the next attempt after so many failures in a row.</summary>
    /// <param name="failures">1 or more.</param>
    public TimeSpan Backoff(int failures)
    {
        var pause = MinBackoff * Math.Pow(2, Math.Min(failures - 1, 20));
        return pause < MaxBackoff ? pause : MaxBackoff;
    }
}

/// <summary>Judges <see cref="ConsoleOptions"/> at start.</summary>
[OptionsValidator]
internal sealed partial class ConsoleOptionsValidator : IValidateOptions<ConsoleOptions>;
