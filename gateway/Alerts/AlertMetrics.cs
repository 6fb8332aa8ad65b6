using Prometheus;

namespace Monitoring.Gateway.Alerts;

/// <summary>What alert feeds tell about themselves.</summary>
internal sealed class AlertMetrics
{
    private readonly Histogram _latency = Metrics.CreateHistogram(
        "monitoring_alert_latency_seconds",
        "Time from an alert's transition at its node to a watcher that was live when it happened.",
        new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.001, 2, 16) });

    private readonly Counter _noticed = Metrics.CreateCounter(
        "monitoring_alert_notices_total", "Notices of new alert log entries that departments sent.");

    private readonly Counter _missed = Metrics.CreateCounter(
        "monitoring_alert_notices_missed_total", "Alert log entries that were found by reading the log because no notice came.");

    private readonly Counter _behind = Metrics.CreateCounter(
        "monitoring_alert_log_pages_read_total", "Pages of alert logs that watchers read because they were too far behind to be served from memory.");

    public void OnReadBehind() => _behind.Inc();

    public void OnWatched(TimeSpan sinceTransition) => _latency.Observe(Math.Max(0, sinceTransition.TotalSeconds));

    public void OnNoticed() => _noticed.Inc();

    public void OnMissed(int entries) => _missed.Inc(entries);
}
