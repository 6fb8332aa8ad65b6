using Grpc.Core;
using Wire = Monitoring.Protocol.V1;

namespace Monitoring.Infrastructure;

/// <summary>One push stream as a source sees it.</summary>
internal sealed class PushClient(AsyncDuplexStreamingCall<Wire.PushRequest, Wire.PushResponse> call, CancellationToken guard) : IDisposable
{
    public static readonly long Now = 1_000_000_000;

    public Wire.Welcome Welcome { get; private set; } = new();

    public Task SendAsync(Wire.PushRequest request) => call.RequestStream.WriteAsync(request, guard);

    public Task SendAsync(ulong sequence, params Wire.Point[] points)
    {
        var batch = new Wire.Batch { Sequence = sequence };
        batch.Points.AddRange(points);
        return SendAsync(new Wire.PushRequest { Batch = batch });
    }

    public Task CompleteAsync() => call.RequestStream.CompleteAsync();

    public async Task ReadWelcomeAsync() => Welcome = (await ReadAsync())!.Welcome;

    /// <summary>The next response; null at the end of the stream.</summary>
    public async Task<Wire.PushResponse?> ReadAsync() => await call.ResponseStream.MoveNext(guard) ? call.ResponseStream.Current : null;

    /// <summary>All acknowledgements up to one that covers a sequence, as one.</summary>
    public async Task<Wire.Ack> ReadAckAsync(ulong sequence)
    {
        var total = new Wire.Ack();
        while (total.Sequence < sequence)
        {
            var ack = (await ReadAsync())?.Ack ?? throw new InvalidOperationException("The stream ended before the acknowledgement.");
            Assert.True(ack.Sequence >= total.Sequence);
            total.Sequence = ack.Sequence;
            total.Accepted += ack.Accepted;
            total.Duplicates += ack.Duplicates;
            total.Late += ack.Late;
            total.Rejections.AddRange(ack.Rejections);
        }

        return total;
    }

    /// <summary>Reads to the end, and returns the status the stream ended with.</summary>
    public async Task<Status> ReadStatusAsync()
    {
        try
        {
            while (await ReadAsync() is not null)
            {
            }

            return Status.DefaultSuccess;
        }
        catch (RpcException exception)
        {
            return exception.Status;
        }
    }

    public static Wire.Point Point(string path, double value = 1, uint handle = 0, string indicator = "delay", long? time = null) => new()
    {
        Indicator = indicator,
        Path = path,
        Handle = handle,
        TimeUnixMs = time ?? Now,
        Value = value,
    };

    public static Wire.Point Bound(uint handle, double value = 1) => new() { Handle = handle, TimeUnixMs = Now, Value = value };

    public void Dispose() => call.Dispose();
}
