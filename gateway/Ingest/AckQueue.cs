using System.Diagnostics.CodeAnalysis;
using Monitoring.Gateway.Hosting;
using Wire = Monitoring.Protocol.V1;

namespace Monitoring.Gateway.Ingest;

/// <summary>
/// The batches of one stream between reading and acknowledgement, in order. Holds at most a window of them. Thread-safe; one loop
/// takes acknowledgements and one loop adds batches.
/// </summary>
internal sealed class AckQueue(int window, int maxRejections, IngestMetrics metrics, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly Queue<PendingBatch> _pending = new(window);
    private readonly WakeSignal _room = new();
    private int _unacknowledged;

    /// <summary>Set when an acknowledgement may be ready.</summary>
    public WakeSignal Ready { get; } = new();

    /// <summary>True when every batch that was read is acknowledged.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_gate)
            {
                return _unacknowledged == 0;
            }
        }
    }

    /// <summary>Waits until the window has room for another batch.</summary>
    public async ValueTask WaitForRoomAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            lock (_gate)
            {
                if (_unacknowledged < window)
                {
                    return;
                }
            }

            await _room.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Adds a batch that was just read; its reader settles it once it has handed out every delivery.</summary>
    public PendingBatch Add(long sequence)
    {
        var batch = new PendingBatch(sequence, clock.GetTimestamp());
        lock (_gate)
        {
            _pending.Enqueue(batch);
            _unacknowledged++;
        }

        metrics.OnUnacknowledgedBatches(1);
        return batch;
    }

    /// <summary>Expects one more answer for a batch.</summary>
    public void Expect(PendingBatch batch)
    {
        lock (_gate)
        {
            batch.Outstanding++;
        }
    }

    /// <summary>Takes one answer for a batch.</summary>
    public void Settle(PendingBatch batch, int accepted, int duplicates, IReadOnlyList<Wire.Rejection> rejections, int late = 0)
    {
        bool isComplete;
        lock (_gate)
        {
            batch.Accepted += accepted;
            batch.Duplicates += duplicates;
            batch.Late += late;
            if (rejections.Count > 0)
            {
                (batch.Rejections ??= []).AddRange(rejections);
            }

            batch.Outstanding--;
            isComplete = batch.Outstanding == 0;
        }

        metrics.OnSettled(accepted, duplicates);
        foreach (var rejection in rejections)
        {
            metrics.OnRejected(rejection.Reason);
        }

        if (isComplete)
        {
            Ready.Set();
        }
    }

    /// <summary>
    /// One acknowledgement for as many complete batches as stand at the front, but only as long as their rejections stay
    /// below a limit: clients bound the size of a message. One batch is never divided.
    /// </summary>
    public bool TryTake([NotNullWhen(true)] out Wire.Ack? ack, List<PendingBatch> covered)
    {
        ack = null;
        covered.Clear();
        lock (_gate)
        {
            while (_pending.TryPeek(out var batch) && batch.Outstanding == 0)
            {
                if (ack is not null && ack.Rejections.Count + (batch.Rejections?.Count ?? 0) > maxRejections)
                {
                    break;
                }

                ack ??= new Wire.Ack();
                ack.Sequence = (ulong)batch.Sequence;
                ack.Accepted += (ulong)batch.Accepted;
                ack.Duplicates += (ulong)batch.Duplicates;
                ack.Late += (ulong)batch.Late;
                if (batch.Rejections is not null)
                {
                    ack.Rejections.AddRange(batch.Rejections);
                }

                covered.Add(_pending.Dequeue());
            }
        }

        return ack is not null;
    }

    /// <summary>Gives the window back that batches took whose acknowledgement was written.</summary>
    public void Release(List<PendingBatch> covered)
    {
        lock (_gate)
        {
            _unacknowledged -= covered.Count;
        }

        metrics.OnUnacknowledgedBatches(-covered.Count);
        foreach (var batch in covered)
        {
            metrics.OnAcknowledged(clock.GetElapsedTime(batch.ReadAt));
        }

        _room.Set();
    }

    /// <summary>Forgets what is left when the stream is over.</summary>
    public void Abandon()
    {
        lock (_gate)
        {
            metrics.OnUnacknowledgedBatches(-_unacknowledged);
            _unacknowledged = 0;
            _pending.Clear();
        }
    }
}
