using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Monitoring.Gateway.Dictionary;
using Monitoring.Gateway.Hosting;

namespace Monitoring.Gateway.Alerts;

/// <summary>Live alerts, for gRPC and for the console. Thread-safe.</summary>
internal sealed class AlertFeeds(
    IGrainFactory grains,
    DictionaryCache dictionary,
    AlertMetrics metrics,
    WatcherMetrics watcherMetrics,
    IOptions<AlertFeedOptions> options,
    TimeProvider clock,
    ILoggerFactory loggers)
{
    private readonly SharedSources<string, DepartmentFeed> _feeds = Feeds(
        grains, options.Value, metrics, clock, loggers.CreateLogger<DepartmentFeed>(), watcherMetrics);

    /// <summary>The first of some departments that does not exist, or null.</summary>
    /// <exception cref="ArgumentException">None or too many are given.</exception>
    public async ValueTask<string?> FindUnknownAsync(ImmutableArray<string> departments, CancellationToken cancellationToken)
    {
        departments = Counted(departments);
        if (FindUnknown(departments) is null)
        {
            return null;
        }

        await dictionary.GetFreshAsync(cancellationToken);
        return FindUnknown(departments);
    }

    /// <summary>
    /// Shows each transition exactly once and in order, from where the watch says, until it is cancelled. Reads no faster than it is
    /// read: whoever is slow gets the rest from the log.
    /// </summary>
    /// <exception cref="ArgumentException">Departments or cursor are not what is allowed.</exception>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: too many watch already.</exception>
    public async IAsyncEnumerable<AlertFeedItem> WatchAsync(AlertWatch watch, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var departments = Counted(watch.Departments);
        if (FindUnknown(departments) is { } unknown)
        {
            throw new ArgumentException($"no department '{unknown}' is in the dictionary", nameof(watch));
        }

        await using var watcher = _feeds.Enter();
        var feeds = ImmutableArray.CreateBuilder<DepartmentFeed>(departments.Length);
        foreach (var department in departments)
        {
            var feed = watcher.Take(department);
            feeds.Add(feed);
            feed.Attach(watcher.Wake);
        }

        var run = new AlertWatchRun(
            watch with { Departments = departments }, feeds.MoveToImmutable(), watcher.Wake, metrics, options.Value, clock);
        await foreach (var item in run.StartAsync(cancellationToken))
        {
            yield return item;
        }

        await foreach (var item in run.FollowAsync(cancellationToken))
        {
            yield return item;
        }
    }

    private static SharedSources<string, DepartmentFeed> Feeds(
        IGrainFactory grains, AlertFeedOptions options, AlertMetrics metrics, TimeProvider clock, ILogger<DepartmentFeed> logger,
        WatcherMetrics watchers) => new(
        department => new DepartmentFeed(department, grains, options, metrics, clock, logger),
        options.MaxWatchers,
        watchers.OnAlertWatchers);

    /// <summary>Each department once, before anything is done for so many of them.</summary>
    private ImmutableArray<string> Counted(ImmutableArray<string> departments)
    {
        departments = [.. departments.Distinct(StringComparer.Ordinal)];
        return departments.Length > 0 && departments.Length <= options.Value.MaxDepartments
            ? departments
            : throw new ArgumentException(
                $"{departments.Length} departments are given, expected 1 to {options.Value.MaxDepartments}", nameof(departments));
    }

    private string? FindUnknown(ImmutableArray<string> departments)
    {
        var known = dictionary.Current.Departments;
        return departments.FirstOrDefault(id => !known.Any(department => department.Id == id));
    }
}
