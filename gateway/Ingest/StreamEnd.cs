using Grpc.Core;

namespace Monitoring.Gateway.Ingest;

/// <summary>Why and when a stream is over; the first reason stays.</summary>
internal sealed class StreamEnd(CancellationToken callToken) : IDisposable
{
    private readonly CancellationTokenSource _ending = CancellationTokenSource.CreateLinkedTokenSource(callToken);
    private RpcException? _failure;

    /// <summary>Cancelled when the stream failed or the client went away.</summary>
    public CancellationToken Token => _ending.Token;

    /// <summary>The status the stream ends with; null while nothing failed.</summary>
    public RpcException? Failure => Volatile.Read(ref _failure);

    /// <summary>Ends the stream with a status. May be called by any thread, also when the stream is over.</summary>
    public void Fail(StatusCode code, string message)
    {
        if (Interlocked.CompareExchange(ref _failure, new RpcException(new Status(code, message)), null) is null)
        {
            Finish();
        }
    }

    /// <summary>Ends what still runs for the stream.</summary>
    public void Finish()
    {
        try
        {
            _ending.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The stream ended by itself at the same moment.
        }
    }

    public void Dispose() => _ending.Dispose();
}
