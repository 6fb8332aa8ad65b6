using Prometheus;
using Wire = Monitoring.Protocol.V1;

namespace Monitoring.Gateway.Ingest;

/// <summary>What push streams tell about themselves.</summary>
internal sealed class IngestMetrics
{
    private readonly Counter.Child _accepted;
    private readonly Counter.Child _duplicates;

    private readonly Counter _rejected = Metrics.CreateCounter(
        "monitoring_points_rejected_total", "Points that were refused, by reason.", "reason");

    private readonly Histogram _ack = Metrics.CreateHistogram(
        "monitoring_ack_duration_seconds",
        "Time from reading a batch to writing the acknowledgement that covers it.",
        new HistogramConfiguration { Buckets = Histogram.ExponentialBuckets(0.0005, 2, 16) });

    private readonly Gauge _streams = Metrics.CreateGauge("monitoring_ingest_streams_open", "Open push streams.");

    private readonly Gauge _waiting = Metrics.CreateGauge(
        "monitoring_ingest_queue_deliveries", "Deliveries to partitions that wait for the one in flight, over all streams.");

    private readonly Gauge _unacknowledged = Metrics.CreateGauge(
        "monitoring_ingest_unacknowledged_batches", "Batches read and not yet acknowledged, over all streams.");

    private readonly Counter _retries = Metrics.CreateCounter(
        "monitoring_ingest_retries_total", "Deliveries to partitions that failed or found no room and were repeated.");

    private readonly Gauge _throttled = Metrics.CreateGauge(
        "monitoring_ingest_streams_throttled", "Push streams that are not read now because their source sent more than its quota.");

    private readonly Counter _throttledSeconds = Metrics.CreateCounter(
        "monitoring_ingest_throttled_seconds_total", "Time that sources had to wait because of their quota.", "source");

    private readonly NamedSources _named = new();

    public IngestMetrics()
    {
        var points = Metrics.CreateCounter("monitoring_points_total", "Points that became durable, by result.", "result");
        _accepted = points.WithLabels("accepted");
        _duplicates = points.WithLabels("duplicate");
        foreach (var reason in Enum.GetValues<Wire.RejectionReason>())
        {
            if (reason != Wire.RejectionReason.Unspecified)
            {
                _rejected.WithLabels(LabelOf(reason));
            }
        }
    }

    public void OnStreamOpened() => _streams.Inc();

    public void OnStreamClosed() => _streams.Dec();

    public void OnDeliveriesWaiting(int change) => _waiting.Inc(change);

    public void OnStreamThrottled(int change) => _throttled.Inc(change);

    /// <summary>A source had to wait.</summary>
    /// <param name="source">Its name.</param>
    /// <param name="time">How long.</param>
    /// <param name="maxNamed">So many sources are named; the rest is one.</param>
    public void OnThrottled(string source, TimeSpan time, int maxNamed) =>
        _throttledSeconds.WithLabels(_named.NameOf(source, maxNamed)).Inc(time.TotalSeconds);

    public void OnUnacknowledgedBatches(int change) => _unacknowledged.Inc(change);

    public void OnRetried() => _retries.Inc();

    public void OnRejected(Wire.RejectionReason reason) => _rejected.WithLabels(LabelOf(reason)).Inc();

    public void OnSettled(int accepted, int duplicates)
    {
        _accepted.Inc(accepted);
        _duplicates.Inc(duplicates);
    }

    public void OnAcknowledged(TimeSpan sinceRead) => _ack.Observe(sinceRead.TotalSeconds);

    private static string LabelOf(Wire.RejectionReason reason) => reason switch
    {
        Wire.RejectionReason.UnknownIndicator => "unknown_indicator",
        Wire.RejectionReason.InvalidPath => "invalid_path",
        Wire.RejectionReason.InvalidValue => "invalid_value",
        Wire.RejectionReason.InvalidTime => "invalid_time",
        Wire.RejectionReason.UnknownHandle => "unknown_handle",
        Wire.RejectionReason.NotMeasured => "not_measured",
        Wire.RejectionReason.CorrectionOverdue => "correction_overdue",
        Wire.RejectionReason.TooManyNodes => "too_many_nodes",
        _ => "unspecified",
    };
}
