using Grpc.Core;
using Monitoring.Gateway.Hosting;
using Monitoring.Sources;
using Wire = Monitoring.Protocol.V1;

namespace Monitoring.Gateway.Ingest;

/// <summary>The gRPC face of ingestion: seats a stream, reads its Hello, and lets it run.</summary>
internal sealed partial class IngestService(IngestServices services, ILogger<IngestService> logger) : Wire.Ingest.IngestBase
{
    public override async Task Push(
        IAsyncStreamReader<Wire.PushRequest> requestStream, IServerStreamWriter<Wire.PushResponse> responseStream, ServerCallContext context)
    {
        services.Streams.Enter();
        using var end = new StreamEnd(context.CancellationToken);
        var source = string.Empty;
        try
        {
            var hello = await ReadHelloAsync(requestStream, context.CancellationToken);
            source = hello.Source;
            var opened = await OpenAsync(source, context.CancellationToken);
            services.Streams.TakeOver(source, opened.Epoch, end);
            await new IngestStream(services, end, hello, opened, services.StreamLogger).RunAsync(requestStream, responseStream);
        }
        finally
        {
            services.Streams.Leave(source, end);
        }
    }

    private async Task<Wire.Hello> ReadHelloAsync(IAsyncStreamReader<Wire.PushRequest> requests, CancellationToken cancellationToken)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, services.Stopping);
        if (!await requests.MoveNext(waiting.Token))
        {
            throw RpcErrors.Invalid("the stream ended before Hello; the first request must be Hello");
        }

        if (requests.Current.KindCase != Wire.PushRequest.KindOneofCase.Hello)
        {
            throw RpcErrors.Invalid($"the first request is {requests.Current.KindCase}, expected Hello");
        }

        return SourceName.Mistake(requests.Current.Hello.Source) is { } mistake
            ? throw RpcErrors.Invalid(mistake)
            : requests.Current.Hello;
    }

    private async Task<SourceStream> OpenAsync(string source, CancellationToken cancellationToken)
    {
        try
        {
            return await services.Grains.GetGrain<ISourceGrain>(source).OpenAsync(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Like a delivery: whatever hinders the cluster now, the same request may succeed later.
            LogNotOpened(source, exception);
            throw new RpcException(new Status(StatusCode.Unavailable, "The cluster cannot open the stream now; reconnect."));
        }
    }
}
