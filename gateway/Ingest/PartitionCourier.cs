using System.Collections.Immutable;
using Monitoring.Partitions;

namespace Monitoring.Gateway.Ingest;

/// <summary>
/// The way of this gateway to one partition. Small parcels share calls: few are in flight at a time, and what lanes want to send meanwhile goes
/// with the next one, so that many streams with small batches cost few calls. Bounded by the lanes, of which each sends one parcel at a time.
/// Thread-safe.
/// </summary>
internal sealed class PartitionCourier(IPartitionGrain partition, IngestOptions options, TimeProvider clock)
{
    /// <summary>
    /// Points of a parcel that shares a call. A larger one may take more than one entry of the journal, so the others would wait for it; and has
    /// little to gain.
    /// </summary>
    private const int MaxSharedPoints = 256;

    private readonly Lock _gate = new();
    private readonly Queue<Parcel> _waiting = new();
    private int _sharedCalls;

    /// <summary>Sends deliveries of one source, in order.</summary>
    /// <param name="deliveries">The deliveries.</param>
    /// <param name="cancellationToken">Gives the wait up; what was sent by then cannot be taken back.</param>
    /// <returns>What the partition did with each; fails when it did not say so, and then they may come again.</returns>
    public Task<ImmutableArray<PointDeliveryResult>> SendAsync(ImmutableArray<PointDelivery> deliveries, CancellationToken cancellationToken)
    {
        var parcel = new Parcel(deliveries, cancellationToken);
        return Send(parcel).WaitAsync(cancellationToken);
    }

    private Task<ImmutableArray<PointDeliveryResult>> Send(Parcel parcel)
    {
        if (parcel.Points > MaxSharedPoints)
        {
            return CallAsync(parcel.Deliveries);
        }

        lock (_gate)
        {
            if (_sharedCalls == options.MaxSharedCalls)
            {
                _waiting.Enqueue(parcel);
                return parcel.Answer.Task;
            }

            _sharedCalls++;
        }

        _ = ShareAsync([parcel]);
        return parcel.Answer.Task;
    }

    private Task<ImmutableArray<PointDeliveryResult>> CallAsync(ImmutableArray<PointDelivery> deliveries) =>
        partition.DeliverManyAsync(deliveries, CancellationToken.None).WaitAsync(options.DeliveryTimeout, clock, CancellationToken.None);

    private async Task ShareAsync(List<Parcel> parcels)
    {
        do
        {
            try
            {
                Answer(parcels, await CallAsync(Join(parcels)));
            }
            catch (Exception exception)
            {
                parcels.ForEach(parcel => parcel.Answer.TrySetException(exception)); // Each lane says itself what it does about it.
            }
        }
        while (TakeWaiting(parcels));
    }

    private bool TakeWaiting(List<Parcel> parcels)
    {
        parcels.Clear();
        lock (_gate)
        {
            var points = 0;
            while (_waiting.TryPeek(out var next) && (points == 0 || points + next.Points <= options.MaxDeliveryPoints))
            {
                _waiting.Dequeue();
                if (!next.IsGivenUp)
                {
                    parcels.Add(next);
                    points += next.Points;
                }
            }

            _sharedCalls -= parcels.Count == 0 ? 1 : 0;
        }

        return parcels.Count > 0;
    }

    private static ImmutableArray<PointDelivery> Join(List<Parcel> parcels)
    {
        if (parcels.Count == 1)
        {
            return parcels[0].Deliveries;
        }

        var all = ImmutableArray.CreateBuilder<PointDelivery>(parcels.Sum(parcel => parcel.Deliveries.Length));
        parcels.ForEach(parcel => all.AddRange(parcel.Deliveries));
        return all.MoveToImmutable();
    }

    private static void Answer(List<Parcel> parcels, ImmutableArray<PointDeliveryResult> results)
    {
        var first = 0;
        foreach (var parcel in parcels)
        {
            var count = parcel.Deliveries.Length;
            parcel.Answer.TrySetResult(count == results.Length ? results : results.Slice(first, count));
            first += count;
        }
    }

    private sealed class Parcel(ImmutableArray<PointDelivery> deliveries, CancellationToken givenUp)
    {
        public ImmutableArray<PointDelivery> Deliveries { get; } = deliveries;

        public int Points { get; } = deliveries.Sum(delivery => delivery.Nodes.Length);

        /// <summary>True when nobody waits for it any more.</summary>
        public bool IsGivenUp => givenUp.IsCancellationRequested;

        /// <summary>Its lane goes on at once, so that what it sends next is in the next call already.</summary>
        public TaskCompletionSource<ImmutableArray<PointDeliveryResult>> Answer { get; } = new();
    }
}
