using System.Globalization;
using Monitoring.Centres;
using Monitoring.Measuring;
using Monitoring.Reporting;
using Monitoring.Tree;

namespace Monitoring.Watchers;

/// <summary>How the rate of points and the latency of alerts change when many watch the same department, some of them slowly.</summary>
internal sealed class WatchersScenario(WatcherOptions options)
{
    private const double HalfLoad = 0.5;
    private const int StepsOfAlert = 2; // It is raised and taken back.
    private static readonly TimeProvider _clock = TimeProvider.System;

    /// <summary>All runs that the options ask for.</summary>
    public Scenario Scenario => new(
        string.Create(
            CultureInfo.InvariantCulture,
            $"{options.Watchers} watchers, {options.Slow} of them slow, {options.Leaves} leaves, batches of {options.Batch}, {options.Run.Words}"),
        options.Run.Runs,
        options.Run.JsonFile,
        [
            .. RowsOf("one", "1 watcher"),
            .. RowsOf("many", string.Create(CultureInfo.InvariantCulture, $"{options.Watchers} watchers")),
            ReportRow.Of("transitions delivered", string.Empty, "delivered"),
            ReportRow.Of("missing or repeated", string.Empty, "missing"),
            ReportRow.Of("peak memory, gateway", "MiB", "rss_bytes", 0, 1_048_576),
        ],
        async cancellationToken => ReportText.NodeOf(await MeasuredCentre.MeasureAsync(
            options.Run.Centre, centre => MeasureAsync(centre, cancellationToken), report => report.Correct, cancellationToken)));

    private TimeSpan Interval => TimeSpan.FromMilliseconds(options.AlertIntervalMs);

    private static ReportRow[] RowsOf(string step, string title) =>
    [
        ReportRow.Of($"{title}: points", "/s", $"{step}/points_per_second"),
        ReportRow.Of($"{title}: CPU of a point", "us", $"{step}/cpu_us_per_point", 2),
        ReportRow.Latency($"{title}: alert, 50 % load", $"{step}/alert_ms", "p50", "p99"),
        ReportRow.Latency($"{title}: alert at the last", $"{step}/alert_last_ms", "p50", "p99"),
    ];

    private async Task<WatcherReport> MeasureAsync(MeasuredCentre centre, CancellationToken cancellationToken)
    {
        var tree = new TreeShape(options.Leaves);
        await TreeShape.ApplyAsync(centre.Channel, tree.Dictionary, cancellationToken);
        await using var alerts = await AlertProbe.OpenAsync(centre, tree, _clock, cancellationToken);
        await using var fleet = await LoadFleet.OpenAsync(centre, tree, streams: 1, options.Batch, _clock, cancellationToken);
        if (options.Run.Warmup > 0)
        {
            await LoadAsync(centre, fleet, alerts, TimeSpan.FromSeconds(options.Run.Warmup), cancellationToken);
        }

        var (rate, cpu) = await LoadAsync(centre, fleet, alerts, TimeSpan.FromSeconds(options.Run.Seconds), cancellationToken);
        var pace = rate * HalfLoad;
        var (latencies, missing) = await AlertsAsync(centre, fleet, alerts, pace, cancellationToken);
        missing += await alerts.WaitForAllAsync(cancellationToken);
        var one = WatcherStep.Of(1, rate, cpu, latencies, latencies);

        var before = alerts.Deliveries.Count;
        using var crowd = await WatcherCrowd.OpenAsync(centre.GrpcAddress, options.Watchers - 1, options.Slow, cancellationToken);
        (rate, cpu) = await LoadAsync(centre, fleet, alerts, TimeSpan.FromSeconds(options.Run.Seconds), cancellationToken);
        missing += await alerts.WaitForAllAsync(cancellationToken);
        missing += await crowd.WaitForQuickAsync(alerts.Deliveries.Count - before, cancellationToken);
        var first = alerts.Deliveries.Count;
        var (manyLatencies, missingOfMany) = await AlertsAsync(centre, fleet, alerts, pace, cancellationToken);
        missing += missingOfMany + await alerts.WaitForAllAsync(cancellationToken);
        missing += await crowd.WaitForAllAsync(alerts.Deliveries.Count - before, cancellationToken);
        var atLast = missing == 0 ? crowd.Latencies([.. alerts.Deliveries.Skip(before)], first - before) : new Latencies();

        var isRight = await RootTotals.HoldAsync(centre.Channel, TimeSpan.FromDays(1), fleet.Sent + alerts.Sent, cancellationToken);
        return new WatcherReport
        {
            Leaves = options.Leaves,
            Batch = options.Batch,
            Slow = options.Slow,
            Storage = options.Run.Centre.Storage,
            Processes = options.Run.Centre.Processes,
            One = one,
            Many = WatcherStep.Of(options.Watchers, rate, cpu, manyLatencies, atLast),
            Delivered = before + ((long)(alerts.Deliveries.Count - before) * options.Watchers) - missing,
            Missing = missing,
            RssBytes = centre.Memory.Gateway,
            Correct = isRight && missing == 0,
        };
    }

    /// <summary>Pushes as much as is taken while alerts come and go.</summary>
    private async Task<(double PointsPerSecond, double CpuSecondsOfPoint)> LoadAsync(
        MeasuredCentre centre, LoadFleet fleet, AlertProbe alerts, TimeSpan duration, CancellationToken cancellationToken)
    {
        var cpu = centre.Cpu;
        var probing = alerts.RunAsync((int)(duration / (StepsOfAlert * Interval)), Interval, cancellationToken);
        var load = await fleet.RunAsync(duration, cancellationToken);
        await probing;
        return (load.PointsPerSecond, (centre.Cpu - cpu).Centre / load.Points);
    }

    private async Task<(Latencies Alerts, long Missing)> AlertsAsync(
        MeasuredCentre centre, LoadFleet fleet, AlertProbe alerts, double pointsPerSecond, CancellationToken cancellationToken)
    {
        await centre.SettleAsync(cancellationToken);
        var (latencies, _) = await fleet.UnderAsync(
            pointsPerSecond, () => alerts.RunAsync(options.Alerts, Interval, cancellationToken), cancellationToken);
        return (latencies, options.Alerts - latencies.Count);
    }
}
