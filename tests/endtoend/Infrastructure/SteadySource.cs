using Grpc.Core;
using Monitoring.Protocol.V1;

namespace Monitoring.Infrastructure;

/// <summary>
/// A source that goes on whatever happens to the gateway: it opens a new stream whenever one broke, and resends what was not
/// acknowledged. A batch's content follows from its sequence.
/// </summary>
internal sealed class SteadySource(Ingest.IngestClient client, string name, long batches, Func<long, Point[]> contentOf)
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);
    private long _acknowledged;

    /// <summary>Greatest acknowledgement so far.</summary>
    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <summary>Streams it opened so far.</summary>
    public int Streams { get; private set; }

    /// <summary>Points that were refused.</summary>
    public long Rejected { get; private set; }

    /// <summary>Sends all batches and waits until they are acknowledged.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(_pause);
        while (Acknowledged < batches)
        {
            try
            {
                await StreamAsync(cancellationToken);
            }
            catch (RpcException broken) when (broken.StatusCode is StatusCode.Unavailable or StatusCode.Internal or StatusCode.Cancelled)
            {
                // The gateway went away.
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    private async Task StreamAsync(CancellationToken cancellationToken)
    {
        Streams++;
        using var call = client.Push(cancellationToken: cancellationToken);
        await call.RequestStream.WriteAsync(new PushRequest { Hello = new Hello { Source = name } }, cancellationToken);
        if (!await call.ResponseStream.MoveNext(cancellationToken))
        {
            return;
        }

        var welcome = call.ResponseStream.Current.Welcome;
        Assert.True((long)welcome.AcknowledgedSequence <= batches);
        using var room = new SemaphoreSlim((int)welcome.Window);
        var receiving = ReceiveAsync(call.ResponseStream, (long)welcome.AcknowledgedSequence, room, cancellationToken);
        for (var sequence = (long)welcome.AcknowledgedSequence + 1; sequence <= batches; sequence++)
        {
            if (await Task.WhenAny(room.WaitAsync(cancellationToken), receiving) == receiving)
            {
                break;
            }

            var batch = new Batch { Sequence = (ulong)sequence };
            batch.Points.AddRange(contentOf(sequence));
            try
            {
                await call.RequestStream.WriteAsync(new PushRequest { Batch = batch }, cancellationToken);
            }
            catch (InvalidOperationException)
            {
                break; // The stream is over; receiving tells why.
            }
        }

        await receiving;
    }

    private async Task ReceiveAsync(
        IAsyncStreamReader<PushResponse> responses, long acknowledged, SemaphoreSlim room, CancellationToken cancellationToken)
    {
        while (acknowledged < batches && await responses.MoveNext(cancellationToken))
        {
            if (responses.Current.Ack is not { } ack)
            {
                continue;
            }

            Rejected += ack.Rejections.Count;
            room.Release((int)((long)ack.Sequence - acknowledged));
            acknowledged = (long)ack.Sequence;
            Interlocked.Exchange(ref _acknowledged, Math.Max(Acknowledged, acknowledged));
        }
    }
}
