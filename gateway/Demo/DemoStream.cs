using Grpc.Core;
using Monitoring.Protocol.V1;

namespace Monitoring.Gateway.Demo;

/// <summary>One stream of a source, from its Welcome on. One task sends, one receives.</summary>
internal sealed class DemoStream : IAsyncDisposable
{
    private readonly AsyncDuplexStreamingCall<PushRequest, PushResponse> _call;
    private readonly long _window;
    private readonly SemaphoreSlim _acknowledgement = new(0);
    private readonly PushRequest _request = new();
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _acknowledged;

    private DemoStream(AsyncDuplexStreamingCall<PushRequest, PushResponse> call, Welcome welcome)
    {
        _call = call;
        _window = Math.Max(1, welcome.Window);
        _acknowledged = (long)welcome.AcknowledgedSequence;
    }

    /// <summary>Last batch that is durable.</summary>
    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <summary>Completes when nothing more can be sent: the stream ended, or the gateway asked for a new one.</summary>
    public Task Over => _over.Task;

    /// <summary>Opens a stream and waits until it is welcome.</summary>
    public static async Task<DemoStream> OpenAsync(
        Protocol.V1.Ingest.IngestClient client, string source, CancellationToken cancellationToken)
    {
        var call = client.Push(cancellationToken: cancellationToken);
        try
        {
            await call.RequestStream.WriteAsync(new PushRequest { Hello = new Hello { Source = source } }, cancellationToken);
            if (await call.ResponseStream.MoveNext(cancellationToken) && call.ResponseStream.Current.Welcome is { } welcome)
            {
                return new DemoStream(call, welcome);
            }

            throw new RpcException(new Status(StatusCode.Unavailable, "The stream ended before it was welcome."));
        }
        catch
        {
            call.Dispose();
            throw;
        }
    }

    /// <summary>Waits until the window has room for a batch, or the stream is over.</summary>
    public async Task RoomAsync(long sequence, CancellationToken cancellationToken)
    {
        while (!Over.IsCompleted && sequence > Acknowledged + _window)
        {
            await _acknowledgement.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Sends a batch; a stream that ended is <see cref="Over"/>, and receiving tells why.</summary>
    public async Task SendAsync(Batch batch, CancellationToken cancellationToken)
    {
        _request.Batch = batch;
        try
        {
            await _call.RequestStream.WriteAsync(_request, cancellationToken);
        }
        catch (Exception ended) when (ended is RpcException or InvalidOperationException)
        {
            _over.TrySetResult();
        }
    }

    /// <summary>Tells the gateway that nothing more comes; it acknowledges what it has and ends the stream.</summary>
    public async Task CompleteAsync()
    {
        try
        {
            await _call.RequestStream.CompleteAsync();
        }
        catch (Exception ended) when (ended is RpcException or InvalidOperationException)
        {
            // The stream ended first; receiving tells why.
        }
    }

    /// <summary>Takes acknowledgements until the stream ends or the gateway asks for a new one.</summary>
    /// <returns>How long to wait before the next stream.</returns>
    public async Task<TimeSpan> ReceiveAsync(Action<IReadOnlyList<Rejection>> onRejected, CancellationToken cancellationToken)
    {
        var retryAfter = TimeSpan.Zero;
        try
        {
            while (await _call.ResponseStream.MoveNext(cancellationToken))
            {
                var response = _call.ResponseStream.Current;
                if (response.Ack is { } ack)
                {
                    Interlocked.Exchange(ref _acknowledged, (long)ack.Sequence);
                    if (ack.Rejections.Count > 0)
                    {
                        onRejected(ack.Rejections);
                    }
                }
                else if (response.Reconnect is { } reconnect)
                {
                    retryAfter = TimeSpan.FromMilliseconds(reconnect.RetryAfterMs);
                    _over.TrySetResult();
                }

                _acknowledgement.Release();
            }

            return retryAfter;
        }
        finally
        {
            _over.TrySetResult();
            _acknowledgement.Release();
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _call.Dispose();
        return ValueTask.CompletedTask;
    }
}
