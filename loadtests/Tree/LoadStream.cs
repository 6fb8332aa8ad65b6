using System.Diagnostics;
using Grpc.Core;
using Monitoring.Measuring;
using Monitoring.Protocol.V1;
using Monitoring.Pushing;

namespace Monitoring.Tree;

/// <summary>One stream of points with its window. One task sends; acknowledgements are taken in the background.</summary>
internal sealed class LoadStream : IAsyncDisposable
{
    private readonly PushWire _wire;
    private readonly SemaphoreSlim _room;
    private readonly long[] _scheduled;
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _receiving = Task.CompletedTask;
    private Latencies _latencies = new();
    private ulong _sent;
    private ulong _acknowledged;

    private LoadStream(PushWire wire, Welcome welcome)
    {
        _wire = wire;
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
    /// <param name="gateway">Its gRPC address.</param>
    /// <param name="source">Name of the source.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    public static async Task<LoadStream> OpenAsync(Uri gateway, string source, CancellationToken cancellationToken)
    {
        var wire = PushWire.Open(gateway, cancellationToken);
        try
        {
            wire.Append(new MessageFrame(new PushRequest { Hello = new Hello { Source = source } }));
            await wire.FlushAsync(cancellationToken);
            var welcome = (await wire.ReadAsync(cancellationToken))?.Welcome
                ?? throw new InvalidOperationException("The gateway did not say welcome.");
            var stream = new LoadStream(wire, welcome);
            stream._receiving = stream.ReceiveAsync(cancellationToken);
            return stream;
        }
        catch
        {
            await wire.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until the window has room for a batch.</summary>
    public async ValueTask RoomAsync(CancellationToken cancellationToken)
    {
        if (_room.Wait(0, cancellationToken))
        {
            return;
        }

        await _wire.FlushAsync(cancellationToken);
        var waiting = _room.WaitAsync(cancellationToken);
        if (!waiting.IsCompletedSuccessfully && await Task.WhenAny(waiting, _failed.Task) == _failed.Task)
        {
            await _receiving;
        }

        await waiting;
    }

    /// <summary>Sends a batch for which there is room; the frame may be used again once this returns.</summary>
    /// <param name="frame">Its batch gets the next sequence.</param>
    /// <param name="scheduled">Timestamp that its latency is counted from.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    public ValueTask SendAsync(IPushFrame frame, long scheduled, CancellationToken cancellationToken)
    {
        Append(frame, scheduled);
        return _wire.FlushAsync(cancellationToken);
    }

    /// <summary>The same, but the batch may wait for those that follow: it goes out when there are enough, or no room is left.</summary>
    public ValueTask SendSoonAsync(IPushFrame frame, long scheduled, CancellationToken cancellationToken) =>
        Append(frame, scheduled) ? _wire.FlushAsync(cancellationToken) : ValueTask.CompletedTask;

    /// <summary>Sends what still waits for those that follow.</summary>
    public ValueTask FlushAsync(CancellationToken cancellationToken) => _wire.FlushAsync(cancellationToken);

    /// <summary>Waits until everything sent is acknowledged.</summary>
    /// <returns>Latencies of the batches since the last call.</returns>
    public async Task<Latencies> DrainAsync(CancellationToken cancellationToken)
    {
        await _wire.FlushAsync(cancellationToken);
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
            _wire.Complete();
            await _receiving;
        }
        catch (Exception ended) when (
            ended is RpcException or InvalidOperationException or HttpRequestException or IOException or OperationCanceledException)
        {
            // Whoever sends has been told already.
        }

        await _wire.DisposeAsync();
        _room.Dispose();
    }

    private bool Append(IPushFrame frame, long scheduled)
    {
        frame.Sequence = ++_sent;
        _scheduled[(int)(_sent % (ulong)_scheduled.Length)] = scheduled;
        return _wire.Append(frame);
    }

    private async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await _wire.ReadAsync(cancellationToken) is { } response)
            {
                var ack = response.Ack ?? throw new InvalidOperationException("The gateway asked for a new stream in the middle of the load.");
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
