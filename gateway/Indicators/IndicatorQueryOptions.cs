using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Monitoring.Gateway.Indicators;

/// <summary>What reading and watching indicators may cost.</summary>
public sealed class IndicatorQueryOptions
{
    public const string SectionName = "IndicatorQueries";

    /// <summary>Shortest time between two updates of a watcher. Default: 100 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00")]
    public TimeSpan MinInterval { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Time between two updates of a watcher that does not say. Default: 500 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00")]
    public TimeSpan DefaultInterval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How often a watched selection is searched for new nodes. Default: 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00")]
    public TimeSpan NewNodesInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Selections in one watch. Default: 100.</summary>
    [Range(1, 10_000)]
    public int MaxSelections { get; set; } = 100;

    /// <summary>Nodes that one watched selection may match. Default: 20,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxNodes { get; set; } = 20_000;

    /// <summary>Nodes in one update; more come in several. Default: 1,000.</summary>
    [Range(1, 10_000)]
    public int MaxNodesPerUpdate { get; set; } = 1_000;

    /// <summary>Watchers at once. Default: 2,000.</summary>
    [Range(1, 100_000)]
    public int MaxWatchers { get; set; } = 2_000;

    /// <summary>Partitions asked at once for one question. Default: 64.</summary>
    [Range(1, 4_096)]
    public int MaxParallelReads { get; set; } = 64;

    /// <summary>How long reading a selection may fail before its watchers are cut off. Default: 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan RetryLimit { get; set; } = TimeSpan.FromSeconds(30);
}

[OptionsValidator]
internal sealed partial class IndicatorQueryOptionsValidator : IValidateOptions<IndicatorQueryOptions>;
