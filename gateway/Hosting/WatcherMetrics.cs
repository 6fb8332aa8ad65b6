using Prometheus;

namespace Monitoring.Gateway.Hosting;

/// <summary>How many watch live streams.</summary>
internal sealed class WatcherMetrics
{
    private readonly Gauge.Child _alerts;
    private readonly Gauge.Child _indicators;

    public WatcherMetrics()
    {
        var watchers = Metrics.CreateGauge("monitoring_watchers_open", "Open live streams, those of the console included, by kind.", "kind");
        _alerts = watchers.WithLabels("alerts");
        _indicators = watchers.WithLabels("indicators");
    }

    public void OnAlertWatchers(int change) => _alerts.Inc(change);

    public void OnIndicatorWatchers(int change) => _indicators.Inc(change);
}
