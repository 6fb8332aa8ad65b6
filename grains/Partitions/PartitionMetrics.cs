using Prometheus;

namespace Monitoring.Partitions;

/// <summary>What partitions tell about themselves.</summary>
internal sealed class PartitionMetrics(IMetricFactory metrics)
{
    private static readonly double[] SecondsBuckets = Histogram.ExponentialBuckets(0.0001, 2, 18);

    private readonly Histogram _append = metrics.CreateHistogram(
        "monitoring_journal_append_duration_seconds", "Time until a journal entry was durable.", new HistogramConfiguration { Buckets = SecondsBuckets });

    private readonly Counter _appendedBytes = metrics.CreateCounter(
        "monitoring_journal_appended_bytes_total", "Bytes appended to journals.");

    private readonly Counter _appendedEntries = metrics.CreateCounter(
        "monitoring_journal_appended_entries_total", "Entries appended to journals.");

    private readonly Counter _appendFailures = metrics.CreateCounter(
        "monitoring_journal_append_failures_total", "Attempts to append that failed and were repeated.");

    private readonly Histogram _propagation = metrics.CreateHistogram(
        "monitoring_propagation_duration_seconds",
        "Time from the journaling of a point at its leaf to its effect at the root of its indicator.",
        new HistogramConfiguration { Buckets = SecondsBuckets });

    private readonly Gauge _backlog = metrics.CreateGauge(
        "monitoring_partition_backlog_points", "Points and contributions journaled but not yet applied, over all partitions here.");

    private readonly Gauge _mailbox = metrics.CreateGauge(
        "monitoring_partition_mailbox_points", "Points and contributions that wait to be journaled, over all partitions here.");

    private readonly Gauge _outbox = metrics.CreateGauge(
        "monitoring_partition_outbox_items", "Contributions, transitions and requests for shares that wait for their receivers, over all partitions here.");

    private readonly Counter _turnedAway = metrics.CreateCounter(
        "monitoring_partition_points_refused_total", "Points that found no room in a mailbox and are sent again, by reason.", ["reason"]);

    private readonly Gauge _nodes = metrics.CreateGauge(
        "monitoring_nodes_active", "Nodes with their state in memory, over all partitions here.");

    private readonly Counter _rounds = metrics.CreateCounter(
        "monitoring_partition_rounds_total", "Rounds in which partitions applied journal entries to nodes.");

    private readonly Counter _nodeCalls = metrics.CreateCounter(
        "monitoring_node_calls_total", "Calls of partitions to nodes; applied points and contributions divided by it tell how many share a call.");

    private readonly Counter _applied = metrics.CreateCounter(
        "monitoring_partition_applied_total", "Points and contributions that partitions applied to nodes.");

    private readonly Histogram _checkpoint = metrics.CreateHistogram(
        "monitoring_checkpoint_duration_seconds", "Time until a checkpoint was durable.", new HistogramConfiguration { Buckets = SecondsBuckets });

    private readonly Counter _checkpointFailures = metrics.CreateCounter(
        "monitoring_checkpoint_failures_total", "Attempts to write a checkpoint that failed and were repeated.");

    private readonly Counter _late = metrics.CreateCounter(
        "monitoring_points_late_total", "Points that came later than their indicators allow and are kept apart.");

    private readonly Counter _lateDropped = metrics.CreateCounter(
        "monitoring_late_points_dropped_total", "Late points that were kept and are kept no longer, by reason.", ["reason"]);

    private readonly Counter _lateReinjected = metrics.CreateCounter(
        "monitoring_late_points_reinjected_total", "Late points that were put into their buckets on demand.");

    private readonly Counter _bucketsTrimmed = metrics.CreateCounter(
        "monitoring_buckets_trimmed_total", "Stored buckets that were let go because they were kept long enough.");

    private readonly Counter _trimFailures = metrics.CreateCounter(
        "monitoring_trim_failures_total", "Attempts to let old rows go that failed and come again after the next checkpoint.");

    private readonly Counter _transitions = metrics.CreateCounter(
        "monitoring_alert_transitions_total", "Alert transitions made by nodes.", ["kind"]);

    private readonly Counter _corrected = metrics.CreateCounter(
        "monitoring_points_corrected_total", "Corrections that were applied.");

    private readonly Counter _correctionsRefused = metrics.CreateCounter(
        "monitoring_corrections_refused_total", "Corrections that were journaled but not applied, because the node kept no raw points yet at their time.");

    private readonly Counter _collections = metrics.CreateCounter(
        "monitoring_share_collections_total", "Times a node began to collect shares of a bucket whose extremes a correction took back.");

    private readonly Counter _shareMismatches = metrics.CreateCounter(
        "monitoring_share_mismatches_total", "Collections whose shares did not add up to the bucket: not 0 only if the program is wrong.");

    private readonly Counter _rawPoints = metrics.CreateCounter(
        "monitoring_raw_points_stored_total", "Raw points stored in chunks.");

    private readonly Counter _rawBytes = metrics.CreateCounter(
        "monitoring_raw_points_stored_bytes_total", "Bytes of stored chunks of raw points.");

    public void OnCorrected(int made, int refused, int collections, int mismatches)
    {
        _corrected.Inc(made);
        _correctionsRefused.Inc(refused);
        _collections.Inc(collections);
        _shareMismatches.Inc(mismatches);
    }

    public void OnChunkStored(int points, int bytes)
    {
        _rawPoints.Inc(points);
        _rawBytes.Inc(bytes);
    }

    public void OnAppended(TimeSpan duration, int bytes)
    {
        _append.Observe(duration.TotalSeconds);
        _appendedBytes.Inc(bytes);
        _appendedEntries.Inc();
    }

    public void OnAppendFailed() => _appendFailures.Inc();

    public void OnReachedRoot(long milliseconds) => _propagation.Observe(milliseconds / 1_000.0);

    /// <summary>Takes note of a round: what it applied, and to how many nodes.</summary>
    public void OnApplied(int weight, int nodes)
    {
        _rounds.Inc();
        _nodeCalls.Inc(nodes);
        _applied.Inc(weight);
    }

    /// <summary>Points that wait in all partitions, to be journaled or to be applied.</summary>
    public double WaitingPoints => _mailbox.Value + _backlog.Value;

    public void OnBacklogChanged(int change) => _backlog.Inc(change);

    public void OnOutboxChanged(int change) => _outbox.Inc(change);

    public void OnMailboxChanged(int change) => _mailbox.Inc(change);

    /// <summary>Points found no room, or lost it to a source that had less.</summary>
    public void OnPointsTurnedAway(string reason, int points) => _turnedAway.WithLabels(reason).Inc(points);

    public void OnNodesChanged(int change) => _nodes.Inc(change);

    public void OnCheckpoint(TimeSpan duration) => _checkpoint.Observe(duration.TotalSeconds);

    public void OnCheckpointFailed() => _checkpointFailures.Inc();

    public void OnLate(int points) => _late.Inc(points);

    /// <summary>Too many were kept.</summary>
    public void OnLateOverflowed(int points) => _lateDropped.WithLabels("overflow").Inc(points);

    /// <summary>They were kept for as long as wanted.</summary>
    public void OnLateExpired(int points) => _lateDropped.WithLabels("expired").Inc(points);

    public void OnLateReinjected(int points) => _lateReinjected.Inc(points);

    public void OnBucketsTrimmed(int buckets) => _bucketsTrimmed.Inc(buckets);

    public void OnTrimFailed() => _trimFailures.Inc();

    public void OnTransition(Alerting.TransitionKind kind) => _transitions.WithLabels(kind switch
    {
        Alerting.TransitionKind.Firing => "firing",
        Alerting.TransitionKind.Escalated => "escalated",
        Alerting.TransitionKind.Deescalated => "deescalated",
        _ => "resolved",
    }).Inc();
}
