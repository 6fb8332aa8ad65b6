using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Monitoring.Gateway.Alerts;

/// <summary>How live alerts reach their watchers.</summary>
public sealed class AlertFeedOptions
{
    public const string SectionName = "Alerts";

    /// <summary>
    /// How often a department's log is read although no notice came: the longest delay a lost notice causes. Default: 2 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How often subscriptions to departments are renewed; well below their lease of one minute. Default: 20 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:00:40")]
    public TimeSpan LeaseRenewal { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Silence after which a watcher gets a heartbeat. Default: 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Most log entries that are read, or held for a watcher, at once. Default: 500.</summary>
    [Range(1, 10_000)]
    public int PageSize { get; set; } = 500;

    /// <summary>Newest log entries of a department kept for watchers that keep up; the others read the log. Default: 1,000.</summary>
    [Range(1, 100_000)]
    public int RecentEntries { get; set; } = 1_000;

    /// <summary>Departments in one watch. Default: 100.</summary>
    [Range(1, 10_000)]
    public int MaxDepartments { get; set; } = 100;

    /// <summary>Watchers at once. Default: 2,000.</summary>
    [Range(1, 100_000)]
    public int MaxWatchers { get; set; } = 2_000;

    /// <summary>How long reading a log may fail before its watchers are cut off. Default: 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan RetryLimit { get; set; } = TimeSpan.FromSeconds(30);
}

[OptionsValidator]
internal sealed partial class AlertFeedOptionsValidator : IValidateOptions<AlertFeedOptions>;
