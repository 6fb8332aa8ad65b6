using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Grpc.Core;
using Monitoring.Indicators;
using Monitoring.Partitions;
using Wire = Monitoring.Protocol.V1;

namespace Monitoring.Gateway.Ingest;

/// <summary>
/// The way of one stream to one partition. One call is in flight at a time and takes what waits, up to a number of points, so a slow
/// partition gets fewer and larger calls. Bounded by the stream's window. <see cref="Enqueue"/> is called by the stream's reader alone.
/// </summary>
internal sealed partial class PartitionLane(
    int number,
    PartitionCourier courier,
    string source,
    long epoch,
    AckQueue acks,
    StreamEnd end,
    IngestOptions options,
    IngestMetrics metrics,
    TimeProvider clock,
    ILogger<PartitionLane> logger)
{
    private readonly Lock _gate = new();
    private List<LaneItem> _waiting = [];
    private List<LaneItem> _underWay = [];
    private bool _isRunning;
    private long _previousSequence;

    /// <summary>Complete when nothing waits or is in flight.</summary>
    public Task Idle { get; private set; } = Task.CompletedTask;

    /// <summary>Sends the part of a batch that belongs to this partition.</summary>
    public void Enqueue(PendingBatch batch, PointColumns columns, long dictionaryVersion)
    {
        acks.Expect(batch);
        var item = new LaneItem(batch, columns.Positions, new PointDelivery
        {
            Source = source,
            Epoch = epoch,
            Sequence = batch.Sequence,
            PreviousSequence = _previousSequence,
            DictionaryVersion = dictionaryVersion,
            Nodes = columns.Nodes,
            Times = columns.Times,
            Values = columns.Values,
            Corrections = columns.Corrections,
        });
        _previousSequence = batch.Sequence;
        metrics.OnDeliveriesWaiting(1);
        lock (_gate)
        {
            _waiting.Add(item);
            if (_isRunning)
            {
                return;
            }

            _isRunning = true;
        }

        Idle = RunAsync();
    }

    /// <summary>Forgets what still waits when the stream is over.</summary>
    public void Abandon()
    {
        lock (_gate)
        {
            metrics.OnDeliveriesWaiting(-_waiting.Count);
            _waiting.Clear();
        }
    }

    private async Task RunAsync()
    {
        try
        {
            while (TakeWaiting() is { Count: > 0 } items)
            {
                if (!await DeliverAsync(items))
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (end.Token.IsCancellationRequested)
        {
            // The stream is over; what was not answered is not acknowledged and comes again.
        }
        catch (Exception exception)
        {
            // The edge of an own loop: nobody else would see it, and the stream must not hang.
            LogBroken(source, exception);
            end.Fail(StatusCode.Internal, "An unexpected error occurred.");
        }
    }

    private List<LaneItem>? TakeWaiting()
    {
        lock (_gate)
        {
            if (_waiting.Count == 0)
            {
                _isRunning = false;
                return null;
            }

            var count = CountForOneCall();
            if (count == _waiting.Count)
            {
                (_waiting, _underWay) = (_underWay, _waiting);
                _waiting.Clear();
            }
            else
            {
                _underWay.Clear();
                _underWay.AddRange(_waiting[..count]);
                _waiting.RemoveRange(0, count);
            }
        }

        metrics.OnDeliveriesWaiting(-_underWay.Count);
        return _underWay;
    }

    private int CountForOneCall()
    {
        var (count, points) = (1, _waiting[0].Delivery.Nodes.Length);
        while (count < _waiting.Count && (points += _waiting[count].Delivery.Nodes.Length) <= options.MaxDeliveryPoints)
        {
            count++;
        }

        return count;
    }

    /// <summary>
    /// Delivers until all is taken. A partition that moves or restarts gets the same again, for a limited time; one that has no room, however long
    /// that takes: it lives, and the source has to wait.
    /// </summary>
    /// <returns>False when the stream has ended.</returns>
    private async Task<bool> DeliverAsync(List<LaneItem> items)
    {
        var taken = 0;
        var delay = options.RetryDelay;
        long? failingSince = null;
        while (true)
        {
            ImmutableArray<PointDeliveryResult> results = [];
            try
            {
                results = await courier.SendAsync(ToDeliveries(items, taken), end.Token);
                failingSince = null;
            }
            catch (Exception exception) when (!end.Token.IsCancellationRequested)
            {
                failingSince ??= clock.GetTimestamp();
                if (clock.GetElapsedTime(failingSince.Value) >= options.RetryLimit)
                {
                    LogGivenUp(source, number, exception);
                    end.Fail(StatusCode.Unavailable, "The cluster cannot store points now; reconnect and resend behind the last Ack.");
                    return false;
                }

                LogRetried(source, number, exception);
            }

            foreach (var result in results)
            {
                if (result.Status == DeliveryStatus.Busy)
                {
                    break;
                }

                if (!Settle(items[taken++], result))
                {
                    return false;
                }

                delay = options.RetryDelay;
            }

            if (taken == items.Count)
            {
                return true;
            }

            metrics.OnRetried();
            await Task.Delay(delay, clock, end.Token);
            delay = delay * 2 < options.MaxRetryDelay ? delay * 2 : options.MaxRetryDelay;
        }
    }

    private bool Settle(LaneItem item, PointDeliveryResult result)
    {
        var points = item.Delivery.Nodes.Length;
        switch (result.Status)
        {
            case DeliveryStatus.Accepted:
                var refused = Refused(item, result);
                acks.Settle(item.Batch, points - refused.Count - result.Late, 0, refused, result.Late);
                return true;
            case DeliveryStatus.Duplicate:
                var refusedBefore = Refused(item, result);
                acks.Settle(item.Batch, 0, points - refusedBefore.Count, refusedBefore);
                return true;
            case DeliveryStatus.StaleEpoch:
                end.Fail(StatusCode.Aborted, IngestStream.TakenOver);
                return false;
            default:
                end.Fail(StatusCode.Unavailable, "A partition misses an earlier batch; reconnect and resend behind the last Ack.");
                return false;
        }
    }

    private static IReadOnlyList<Wire.Rejection> Refused(LaneItem item, in PointDeliveryResult result)
    {
        if (result.UnknownIndicators.IsDefaultOrEmpty && result.OverdueCorrections.IsDefaultOrEmpty && result.ExcessNodes.IsDefaultOrEmpty)
        {
            return [];
        }

        var rejections = new List<Wire.Rejection>();
        Reject(result.UnknownIndicators, Wire.RejectionReason.UnknownIndicator, node => Rejections.UnknownIndicator(node.Code));
        Reject(result.OverdueCorrections, Wire.RejectionReason.CorrectionOverdue, _ => Rejections.CorrectionOverdue);
        Reject(result.ExcessNodes, Wire.RejectionReason.TooManyNodes, node => Rejections.TooManyNodes(node.ToString()));
        return rejections;

        void Reject(ImmutableArray<int> positions, Wire.RejectionReason reason, Func<NodeKey, string> message)
        {
            foreach (var position in positions.IsDefault ? [] : positions)
            {
                rejections.Add(new Wire.Rejection
                {
                    Sequence = (ulong)item.Batch.Sequence,
                    Index = (uint)item.Positions[position],
                    Reason = reason,
                    Message = message(item.Delivery.Nodes[position]),
                });
            }
        }
    }

    private static ImmutableArray<PointDelivery> ToDeliveries(List<LaneItem> items, int first)
    {
        var deliveries = new PointDelivery[items.Count - first];
        for (var index = 0; index < deliveries.Length; index++)
        {
            deliveries[index] = items[first + index].Delivery;
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(deliveries);
    }

    private readonly record struct LaneItem(PendingBatch Batch, int[] Positions, PointDelivery Delivery);
}
