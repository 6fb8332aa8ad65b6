using System.ComponentModel.DataAnnotations;

namespace Monitoring.History;

/// <summary>How long what is past is kept. Age is measured by the time of the journal.</summary>
public sealed class HistoryOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string SectionName = "History";

    /// <summary>
    /// How long buckets narrower than an hour are kept; longer where the lateness or a rolling period of an indicator needs them. Default: 35 days.
    /// </summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "36500.00:00:00")]
    public TimeSpan FineRetention { get; set; } = TimeSpan.FromDays(35);

    /// <summary>Likewise buckets of an hour and more that are narrower than a day. Default: 400 days.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "36500.00:00:00")]
    public TimeSpan HourRetention { get; set; } = TimeSpan.FromDays(400);

    /// <summary>
    /// Likewise buckets of a day; with a period longer than a day at least 400 days, and for ever with the whole life. Default: 3,650 days.
    /// </summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "36500.00:00:00")]
    public TimeSpan DayRetention { get; set; } = TimeSpan.FromDays(3_650);

    /// <summary>How long late points are kept, counted from their arrival, whether or not they were put into their buckets. Default: 35 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan LateRetention { get; set; } = TimeSpan.FromDays(35);

    /// <summary>Late points that a partition keeps; beyond it the oldest are dropped and counted. Default: 100,000.</summary>
    [Range(1, 10_000_000)]
    public int MaxLatePoints { get; set; } = 100_000;

    /// <summary>Shortest time between two steps in which a partition lets go what was kept long enough. Default: one minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan TrimInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Nodes whose buckets are looked at in one such step; the next step goes on behind them. Default: 1,000.</summary>
    [Range(1, 1_000_000)]
    public int TrimNodes { get; set; } = 1_000;

    /// <summary>Most buckets of a node and a width that go in one step, so that no transaction grows long. Default: 10,000.</summary>
    [Range(1, 10_000_000)]
    public int TrimBuckets { get; set; } = 10_000;
}
