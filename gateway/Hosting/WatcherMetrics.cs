using Prometheus;

namespace Monitoring.Gateway.Hosting;

/// <summary>How many watch live streams.</summary>
internal sealed class WatcherMetrics
{
    private readonly Gauge.Child _alerts;
    private readonly Gauge.Child _indicators;

    private readonly Counter _skipped = Metrics.CreateCounter(
        "monitoring_watcher_updates_skipped_total",
        "Updates of live values that watchers did not see because newer ones came before they read, or within the interval they asked for.");

    public WatcherMetrics()
    {
        var watchers = Metrics.CreateGauge(
            "monitoring_watchers_open", "Open live streams, those of the console included, by kind.", "kind");
        _alerts = watchers.WithLabels("alerts");
        _indicators = watchers.WithLabels("indicators");
    }

    public void OnAlertWatchers(int change) => _alerts.Inc(change);

    public void OnUpdatesSkipped(long updates) => _skipped.Inc(updates);

    public void OnIndicatorWatchers(int change) => _indicators.Inc(change);
}
