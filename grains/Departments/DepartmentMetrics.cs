using Prometheus;

namespace Monitoring.Departments;

/// <summary>What departments tell about themselves.</summary>
internal sealed class DepartmentMetrics
{
    private readonly Histogram _append = Metrics.CreateHistogram(
        "monitoring_alert_log_append_duration_seconds",
        "Time until entries of an alert log were durable.",
        new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.0001, 2, 18) });

    private readonly Counter _appendedEntries = Metrics.CreateCounter(
        "monitoring_alert_log_appended_entries_total", "Entries appended to alert logs.");

    private readonly Counter _appendFailures = Metrics.CreateCounter(
        "monitoring_alert_log_append_failures_total", "Attempts to append to an alert log that failed; their senders try again.");

    private readonly Gauge _open = Metrics.CreateGauge(
        "monitoring_alerts_open", "Alerts that are open, over all departments here.");

    public void OnAppended(TimeSpan duration, int entries)
    {
        _append.Observe(duration.TotalSeconds);
        _appendedEntries.Inc(entries);
    }

    public void OnAppendFailed() => _appendFailures.Inc();

    public void OnOpenChanged(int change) => _open.Inc(change);
}
