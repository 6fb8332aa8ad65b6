using Grpc.Core;
using Microsoft.Extensions.Options;
using Monitoring.Protocol.V1;

namespace Monitoring.Gateway.Demo;

/// <summary>
/// Streams the flights as any source would: through the public contract, a window ahead of the acknowledgements, and again from the
/// last acknowledgement after the stream broke. Batches are computed from the schedule, so nothing is kept for resending.
/// </summary>
internal sealed partial class DemoProducer(
    FlightData flights, DemoScheduleFile file, IOptions<DemoOptions> options, TimeProvider clock, ILogger<DemoProducer> logger)
{
    /// <summary>Name of the source.</summary>
    public const string Source = "demo.flights";

    // One write of the schedule's file for so many batches; also how far a start after a crash may have to look back.
    private const int ReservationBatches = 64;
    private static readonly TimeSpan _shortestBackoff = TimeSpan.FromMilliseconds(250);

    private DemoSchedule _schedule = DemoSchedule.Empty;
    private bool _isLoaded;
    private bool _isResumed;

    /// <summary>Streams until the flights end or the token is cancelled.</summary>
    public async Task RunAsync(Protocol.V1.Ingest.IngestClient client, CancellationToken cancellationToken)
    {
        var (backoff, unusable) = (_shortestBackoff, _shortestBackoff);
        while (true)
        {
            TimeSpan wait;
            try
            {
                if (!_isLoaded)
                {
                    (_schedule, _isLoaded) = (file.Load(), true);
                }

                await using var stream = await DemoStream.OpenAsync(client, Source, cancellationToken);
                backoff = _shortestBackoff;
                if (await SendAsync(stream, cancellationToken) is not { } retryAfter)
                {
                    LogFinished(stream.Acknowledged);
                    return;
                }

                wait = retryAfter > _shortestBackoff ? retryAfter : _shortestBackoff;
                unusable = _shortestBackoff;
                LogReconnecting(stream.Acknowledged);
            }
            catch (RpcException broken) when (broken.StatusCode != StatusCode.InvalidArgument && !cancellationToken.IsCancellationRequested)
            {
                LogBroken(broken.StatusCode, broken.Status.Detail, backoff);
                (wait, backoff) = (backoff, Longer(backoff));
            }
            catch (Exception failure) when (
                failure is IOException or UnauthorizedAccessException && !cancellationToken.IsCancellationRequested)
            {
                // Without its schedule on disk no batch may be sent; somebody makes room, or mends the rights, and it goes on.
                LogScheduleUnusable(failure, unusable);
                (wait, unusable) = (unusable, Longer(unusable));
            }

            await Task.Delay(wait, clock, cancellationToken);
        }
    }

    /// <returns>Null when every flight is acknowledged; otherwise how long to wait before a new stream.</returns>
    private async Task<TimeSpan?> SendAsync(DemoStream stream, CancellationToken cancellationToken)
    {
        Resume(stream.Acknowledged);
        var points = new FlightPoints(flights);
        var next = stream.Acknowledged + 1;
        var receiving = stream.ReceiveAsync(OnRejected, cancellationToken);
        while (SlotOf(next) is { } slot)
        {
            Reserve(next);
            await stream.RoomAsync(next, cancellationToken);
            var early = slot.Time - clock.GetUtcNow();
            if (early > TimeSpan.Zero)
            {
                await Task.WhenAny(Task.Delay(early, clock, cancellationToken), stream.Over);
                cancellationToken.ThrowIfCancellationRequested();
            }

            if (stream.Over.IsCompleted)
            {
                break;
            }

            await stream.SendAsync(points.Create(next, slot), cancellationToken);
            next++;
        }

        await stream.CompleteAsync();
        var retryAfter = await receiving;
        return SlotOf(stream.Acknowledged + 1) is null ? null : retryAfter;
    }

    /// <summary>Decides once for each start of the program; while it runs, an outage only makes batches late.</summary>
    private void Resume(long acknowledged)
    {
        if (_isResumed && _schedule.ReservedThrough >= acknowledged)
        {
            return;
        }

        var wanted = options.Value;
        var pace = new DemoPace(wanted.Speed, wanted.Days, flights.BatchCount(wanted.Days), wanted.AsFastAsPossible);
        Save(_schedule.Resume(acknowledged, clock.GetUtcNow(), pace));
        _isResumed = true;
        if (acknowledged == 0)
        {
            LogStarted(wanted.Speed, wanted.Days);
        }
        else
        {
            LogResumed(acknowledged, wanted.Speed, wanted.Days);
        }
    }

    /// <summary>Puts on disk that a batch may have been sent, before it is.</summary>
    private void Reserve(long sequence)
    {
        if (sequence > _schedule.ReservedThrough)
        {
            Save(_schedule.Reserve(sequence + ReservationBatches - 1));
        }
    }

    private void Save(DemoSchedule schedule)
    {
        file.Save(schedule);
        _schedule = schedule;
    }

    private TimeSpan Longer(TimeSpan backoff) => backoff * 2 < options.Value.LongestBackoff ? backoff * 2 : options.Value.LongestBackoff;

    /// <summary>Place of a batch; null behind the last one.</summary>
    private DemoSlot? SlotOf(long sequence)
    {
        var slot = _schedule.Find(sequence)
            ?? throw new InvalidOperationException(
                $"The schedule of the demo no longer holds batch {sequence}; start with an empty data folder.");
        return !options.Value.Loop && slot.Index >= flights.BatchCount(slot.Days) ? null : slot;
    }

    /// <summary>One line for an acknowledgement: a dictionary without the flights would fill the log otherwise.</summary>
    private void OnRejected(IReadOnlyList<Rejection> rejections) =>
        LogRejected(rejections.Count, rejections[0].Sequence, rejections[0].Index, rejections[0].Reason, rejections[0].Message);
}
