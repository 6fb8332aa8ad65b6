using Grpc.Core;
using Monitoring.Protocol.V1;

namespace Monitoring.Infrastructure;

/// <summary>One push stream, message by message.</summary>
internal sealed class PushStream : IDisposable
{
    private readonly AsyncDuplexStreamingCall<PushRequest, PushResponse> _call;

    // A gateway that has just started again is there, although the channel may not have noticed.
    public PushStream(Ingest.IngestClient client) =>
        _call = client.Push(new CallOptions(cancellationToken: TestContext.Current.CancellationToken).WithWaitForReady());

    /// <summary>Opens a stream of a source and waits until it is welcome.</summary>
    public static async Task<(PushStream Stream, Welcome Welcome)> OpenAsync(Ingest.IngestClient client, string source)
    {
        var stream = new PushStream(client);
        await stream.SendAsync(new PushRequest { Hello = new Hello { Source = source } });
        var welcome = (await stream.ReadAsync())?.Welcome;
        Assert.NotNull(welcome);
        return (stream, welcome);
    }

    /// <summary>A good point of the tests' indicator.</summary>
    public static Point Good(string path, double value) => new()
    {
        Indicator = TestDictionary.Indicator,
        Path = path,
        TimeUnixMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(),
        Value = value,
    };

    /// <summary>Sends any message.</summary>
    public Task SendAsync(PushRequest request) => _call.RequestStream.WriteAsync(request, TestContext.Current.CancellationToken);

    /// <summary>Sends a batch.</summary>
    public Task SendAsync(ulong sequence, params ReadOnlySpan<Point> points)
    {
        var batch = new Batch { Sequence = sequence };
        batch.Points.AddRange(points.ToArray());
        return SendAsync(new PushRequest { Batch = batch });
    }

    /// <summary>The next response, or null when the stream ended well.</summary>
    public async Task<PushResponse?> ReadAsync() =>
        await _call.ResponseStream.MoveNext(TestContext.Current.CancellationToken) ? _call.ResponseStream.Current : null;

    /// <summary>Reads acknowledgements up to a sequence.</summary>
    /// <returns>Their sum.</returns>
    public async Task<Ack> AcknowledgedAsync(ulong sequence)
    {
        var sum = new Ack();
        while (sum.Sequence < sequence)
        {
            var ack = (await ReadAsync())?.Ack;
            Assert.NotNull(ack);
            sum.Sequence = ack.Sequence;
            sum.Accepted += ack.Accepted;
            sum.Duplicates += ack.Duplicates;
            sum.Rejections.AddRange(ack.Rejections);
        }

        return sum;
    }

    /// <summary>Reads until the stream ends.</summary>
    /// <returns>The status it ended with.</returns>
    public async Task<Status> EndAsync()
    {
        try
        {
            while (await ReadAsync() is not null)
            {
                // Acknowledgements of what came before.
            }

            return Status.DefaultSuccess;
        }
        catch (RpcException end)
        {
            return end.Status;
        }
    }

    /// <summary>Sends nothing more.</summary>
    public Task CompleteAsync() => _call.RequestStream.CompleteAsync();

    /// <inheritdoc/>
    public void Dispose() => _call.Dispose();
}
