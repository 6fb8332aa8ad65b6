using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Monitoring.LatePoints;

/// <summary>How long what is past is kept.</summary>
public sealed class HistoryOptions
{
    public const string SectionName = "History";

    /// <summary>How long late points are kept, counted from their arrival, whether or not they were put into their buckets. Default: 35 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan LateRetention { get; set; } = TimeSpan.FromDays(35);

    /// <summary>Late points that a partition keeps; beyond it the oldest are dropped and counted. Default: 100,000.</summary>
    [Range(1, 10_000_000)]
    public int MaxLatePoints { get; set; } = 100_000;

    /// <summary>Shortest time between two steps in which a partition lets go what was kept long enough. Default: one minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan TrimInterval { get; set; } = TimeSpan.FromMinutes(1);
}

[OptionsValidator]
internal sealed partial class HistoryOptionsValidator : IValidateOptions<HistoryOptions>;
