using Prometheus;

namespace Monitoring.Placement;

/// <summary>What is told of where partitions are.</summary>
internal sealed class PlacementMetrics
{
    private readonly Gauge _partitions = Metrics.CreateGauge("monitoring_partitions_active", "Partitions that are active in this silo.");

    private readonly Histogram _moves = Metrics.CreateHistogram(
        "monitoring_partition_move_duration_seconds",
        "Time from asking a partition to leave this silo until it had stored what it has and was on its way.",
        new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.005, 2, 14) });

    public void OnPartitions(int count) => _partitions.Set(count);

    public void OnMoved(TimeSpan duration) => _moves.Observe(duration.TotalSeconds);
}
