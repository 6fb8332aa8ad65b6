using Grpc.Core;
using Monitoring.Gateway.Hosting;
using Monitoring.Indicators;
using Monitoring.Partitions;
using Monitoring.Sources;
using Wire = Monitoring.Protocol.V1;

namespace Monitoring.Gateway.Ingest;

/// <summary>The gRPC face of ingestion: seats a stream, reads its Hello, and lets it run.</summary>
internal sealed partial class IngestService(IngestServices services, LateReader lateReader, ILogger<IngestService> logger) : Wire.Ingest.IngestBase
{
    /// <summary>A source that sends a batch each microsecond reaches this after 146,000 years.</summary>
    private const ulong GreatestSequence = 1UL << 62;

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
            var (opened, highest) = await OpenAsync(source, context.CancellationToken);
            services.Streams.TakeOver(source, opened.Epoch, end);
            await new IngestStream(services, end, hello, opened, highest, services.StreamLogger).RunAsync(requestStream, responseStream);
        }
        finally
        {
            services.Streams.Leave(source, end);
        }
    }

    public override Task<Wire.ListLateResponse> ListLate(Wire.ListLateRequest request, ServerCallContext context) =>
        lateReader.ListAsync(request, context.CancellationToken);

    public override Task<Wire.ReinjectLateResponse> ReinjectLate(Wire.ReinjectLateRequest request, ServerCallContext context) =>
        lateReader.ReinjectAsync(request, context.CancellationToken);

    public override async Task<Wire.ListCorrectionsResponse> ListCorrections(Wire.ListCorrectionsRequest request, ServerCallContext context)
    {
        var definition = services.Dictionary.Current.Find(request.Indicator)
            ?? (await services.Dictionary.GetFreshAsync(context.CancellationToken)).Find(request.Indicator)
            ?? throw RpcErrors.NotFound(Rejections.UnknownIndicator(request.Indicator));
        if (NodeKey.PathMistake(request.Path, definition.Breakdown.Length) is { } mistake)
        {
            throw RpcErrors.Invalid(mistake);
        }

        var query = CorrectionMapping.ToQuery(request);
        var partition = services.Grains.GetGrain<IPartitionGrain>(services.Partitions.PartitionOf(query.Key));
        return CorrectionMapping.ToWire(await partition.ListCorrectionsAsync(query, context.CancellationToken), query);
    }

    private async Task<Wire.Hello> ReadHelloAsync(IAsyncStreamReader<Wire.PushRequest> requests, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(services.Options.HelloTimeout, services.Clock);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, services.Stopping, late.Token);
        try
        {
            if (!await requests.MoveNext(waiting.Token))
            {
                throw RpcErrors.Invalid("the stream ended before Hello; the first request must be Hello");
            }
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.DeadlineExceeded, "no Hello came; send it as soon as the stream is open"));
        }

        if (requests.Current.KindCase != Wire.PushRequest.KindOneofCase.Hello)
        {
            throw RpcErrors.Invalid($"the first request is {requests.Current.KindCase}, expected Hello");
        }

        var hello = requests.Current.Hello;
        if (SourceName.Mistake(hello.Source) is { } mistake)
        {
            throw RpcErrors.Invalid(mistake);
        }

        return hello.AcknowledgedSequence > GreatestSequence
            ? throw RpcErrors.Invalid($"Hello.acknowledged_sequence is {hello.AcknowledgedSequence}, at most {GreatestSequence} is possible")
            : hello;
    }

    private async Task<(SourceStream Opened, long HighestSequence)> OpenAsync(string source, CancellationToken cancellationToken)
    {
        try
        {
            var opened = await services.Grains.GetGrain<ISourceGrain>(source).OpenAsync(cancellationToken);
            var durable = await Task.WhenAll(Enumerable.Range(0, services.Partitions.Count).Select(partition =>
                services.Grains.GetGrain<IPartitionGrain>(partition).OpenSourceAsync(source, opened.Epoch, cancellationToken)));
            return (opened, durable.Max());
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Like a delivery: whatever hinders the cluster now, the same request may succeed later.
            LogNotOpened(source, exception);
            throw new RpcException(new Status(StatusCode.Unavailable, "The cluster cannot open the stream now; reconnect."));
        }
    }
}
