using System.Diagnostics;
using Grpc.Core;
using Monitoring.Measuring;
using Monitoring.Protocol.V1;

namespace Monitoring.Tree;

/// <summary>One stream of points with its window. One task sends; acknowledgements are taken in the background.</summary>
internal sealed class LoadStream : IAsyncDisposable
{
    private readonly AsyncDuplexStreamingCall<PushRequest, PushResponse> _call;
    private readonly SemaphoreSlim _room;
    private readonly long[] _scheduled;
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _receiving = Task.CompletedTask;
    private Latencies _latencies = new();
    private ulong _sent;
    private ulong _acknowledged;

    private LoadStream(AsyncDuplexStreamingCall<PushRequest, PushResponse> call, Welcome welcome)
    {
        _call = call;
        _sent = _acknowledged = welcome.AcknowledgedSequence;
        _room = new SemaphoreSlim((int)welcome.Window);
        _scheduled = new long[welcome.Window + 1];
        MaxBatchPoints = (int)welcome.MaxBatchPoints;
    }

    /// <summary>Largest batch the gateway takes, in points.</summary>
    public int MaxBatchPoints { get; }

    /// <summary>Batches acknowledged so far.</summary>
    public ulong Acknowledged => Volatile.Read(ref _acknowledged);

    /// <summary>Opens a stream and waits until it is welcome.</summary>
    public static async Task<LoadStream> OpenAsync(Ingest.IngestClient client, string source, CancellationToken cancellationToken)
    {
        var call = client.Push(cancellationToken: cancellationToken);
        await call.RequestStream.WriteAsync(new PushRequest { Hello = new Hello { Source = source } }, cancellationToken);
        await call.ResponseStream.MoveNext(cancellationToken);
        var stream = new LoadStream(call, call.ResponseStream.Current.Welcome);
        stream._receiving = stream.ReceiveAsync(cancellationToken);
        return stream;
    }

    /// <summary>Waits until the window has room for a batch.</summary>
    public async Task RoomAsync(CancellationToken cancellationToken)
    {
        var waiting = _room.WaitAsync(cancellationToken);
        if (!waiting.IsCompletedSuccessfully && await Task.WhenAny(waiting, _failed.Task) == _failed.Task)
        {
            await _receiving;
        }

        await waiting;
    }

    /// <summary>Sends a batch for which there is room; the request may be used again once this returns.</summary>
    /// <param name="request">Its batch gets the next sequence.</param>
    /// <param name="scheduled">Timestamp that its latency is counted from.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    public Task SendAsync(PushRequest request, long scheduled, CancellationToken cancellationToken)
    {
        request.Batch.Sequence = ++_sent;
        _scheduled[(int)(_sent % (ulong)_scheduled.Length)] = scheduled;
        return _call.RequestStream.WriteAsync(request, cancellationToken);
    }

    /// <summary>Waits until everything sent is acknowledged.</summary>
    /// <returns>Latencies of the batches since the last call.</returns>
    public async Task<Latencies> DrainAsync(CancellationToken cancellationToken)
    {
        var window = _scheduled.Length - 1;
        for (var taken = 0; taken < window; taken++)
        {
            await RoomAsync(cancellationToken);
        }

        var latencies = Interlocked.Exchange(ref _latencies, new Latencies());
        _room.Release(window);
        return latencies;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _call.RequestStream.CompleteAsync();
            await _receiving;
        }
        catch (Exception ended) when (ended is RpcException or InvalidOperationException)
        {
            // Whoever sends has been told already.
        }

        _call.Dispose();
        _room.Dispose();
    }

    private async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await _call.ResponseStream.MoveNext(cancellationToken))
            {
                var ack = _call.ResponseStream.Current.Ack
                    ?? throw new InvalidOperationException("The gateway asked for a new stream in the middle of the load.");
                if (ack.Rejections.Count > 0)
                {
                    throw new InvalidOperationException($"A point was rejected: {ack.Rejections[0]}");
                }

                var now = Stopwatch.GetTimestamp();
                var count = (int)(ack.Sequence - _acknowledged);
                while (_acknowledged < ack.Sequence)
                {
                    Volatile.Write(ref _acknowledged, _acknowledged + 1);
                    _latencies.Add(Stopwatch.GetElapsedTime(_scheduled[(int)(_acknowledged % (ulong)_scheduled.Length)], now));
                }

                if (count > 0)
                {
                    _room.Release(count);
                }
            }
        }
        finally
        {
            _failed.TrySetResult();
        }
    }
}
