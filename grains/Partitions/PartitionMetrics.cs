using Prometheus;

namespace Monitoring.Partitions;

/// <summary>What partitions tell about themselves.</summary>
internal sealed class PartitionMetrics
{
    private static readonly double[] SecondsBuckets = Histogram.ExponentialBuckets(0.0001, 2, 18);

    private readonly Histogram _append = Metrics.CreateHistogram(
        "monitoring_journal_append_duration_seconds", "Time until a journal entry was durable.", new HistogramConfiguration { Buckets = SecondsBuckets });

    private readonly Counter _appendedBytes = Metrics.CreateCounter(
        "monitoring_journal_appended_bytes_total", "Bytes appended to journals.");

    private readonly Counter _appendedEntries = Metrics.CreateCounter(
        "monitoring_journal_appended_entries_total", "Entries appended to journals.");

    private readonly Counter _appendFailures = Metrics.CreateCounter(
        "monitoring_journal_append_failures_total", "Attempts to append that failed and were repeated.");

    private readonly Histogram _propagation = Metrics.CreateHistogram(
        "monitoring_propagation_duration_seconds",
        "Time from the journaling of a point at its leaf to its effect at the root of its indicator.",
        new HistogramConfiguration { Buckets = SecondsBuckets });

    private readonly Gauge _backlog = Metrics.CreateGauge(
        "monitoring_partition_backlog_points", "Points and contributions journaled but not yet applied, over all partitions here.");

    private readonly Gauge _mailbox = Metrics.CreateGauge(
        "monitoring_partition_mailbox_points", "Points and contributions that wait to be journaled, over all partitions here.");

    private readonly Gauge _nodes = Metrics.CreateGauge(
        "monitoring_nodes_active", "Nodes with their state in memory, over all partitions here.");

    private readonly Histogram _checkpoint = Metrics.CreateHistogram(
        "monitoring_checkpoint_duration_seconds", "Time until a checkpoint was durable.", new HistogramConfiguration { Buckets = SecondsBuckets });

    private readonly Counter _checkpointFailures = Metrics.CreateCounter(
        "monitoring_checkpoint_failures_total", "Attempts to write a checkpoint that failed and were repeated.");

    private readonly Counter _transitions = Metrics.CreateCounter(
        "monitoring_alert_transitions_total", "Alert transitions made by nodes.", "kind");

    public void OnAppended(TimeSpan duration, int bytes)
    {
        _append.Observe(duration.TotalSeconds);
        _appendedBytes.Inc(bytes);
        _appendedEntries.Inc();
    }

    public void OnAppendFailed() => _appendFailures.Inc();

    public void OnReachedRoot(long milliseconds) => _propagation.Observe(milliseconds / 1_000.0);

    public void OnBacklogChanged(int change) => _backlog.Inc(change);

    public void OnMailboxChanged(int change) => _mailbox.Inc(change);

    public void OnNodesChanged(int change) => _nodes.Inc(change);

    public void OnCheckpoint(TimeSpan duration) => _checkpoint.Observe(duration.TotalSeconds);

    public void OnCheckpointFailed() => _checkpointFailures.Inc();

    public void OnTransition(Alerting.TransitionKind kind) => _transitions.WithLabels(kind switch
    {
        Alerting.TransitionKind.Firing => "firing",
        Alerting.TransitionKind.Escalated => "escalated",
        Alerting.TransitionKind.Deescalated => "deescalated",
        _ => "resolved",
    }).Inc();
}
