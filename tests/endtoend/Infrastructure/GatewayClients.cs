using Grpc.Net.Client;
using Monitoring.Gateway;
using Monitoring.Protocol.V1;

namespace Monitoring.Infrastructure;

/// <summary>Clients of the public contract.</summary>
internal sealed class GatewayClients : IDisposable
{
    private readonly GrpcChannel _channel;

    public GatewayClients(GatewayProcess gateway)
    {
        _channel = GrpcChannel.ForAddress(gateway.GrpcAddress);
        Ingest = new(_channel);
        Alerts = new(_channel);
        Indicators = new(_channel);
        Dictionary = new(_channel);
    }

    public Ingest.IngestClient Ingest { get; }

    public Alerts.AlertsClient Alerts { get; }

    public Protocol.V1.Indicators.IndicatorsClient Indicators { get; }

    public Protocol.V1.Dictionary.DictionaryClient Dictionary { get; }

    /// <summary>Applies the dictionary of the tests.</summary>
    public async Task ApplyDictionaryAsync()
    {
        var applied = await Dictionary.ApplyAsync(
            new ApplyDictionaryRequest { Yaml = TestDictionary.Yaml }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Empty(applied.Mistakes);
        Assert.True(applied.Applied);
    }

    /// <summary>All points a node has ever received, within a day of now.</summary>
    public async Task<NodeTotal> TotalAsync(string path)
    {
        var now = TimeProvider.System.GetUtcNow();
        var request = new HistoryRequest
        {
            Indicator = TestDictionary.Indicator,
            Path = path,
            StartUnixMs = now.AddDays(-1).ToUnixTimeMilliseconds(),
            EndUnixMs = now.AddDays(1).ToUnixTimeMilliseconds(),
            Total = true,
        };
        var history = await Indicators.HistoryAsync(request, cancellationToken: TestContext.Current.CancellationToken);
        return history.Buckets is [{ Aggregate: { Count: > 0 } all }]
            ? new NodeTotal((long)all.Count, all.Sum, all.Min, all.Max)
            : default;
    }

    /// <inheritdoc/>
    public void Dispose() => _channel.Dispose();
}

/// <summary>All points of a node.</summary>
internal readonly record struct NodeTotal(long Count, double Sum, double Min, double Max)
{
    public NodeTotal Add(double value) => Count == 0
        ? new NodeTotal(1, value, value, value)
        : new NodeTotal(Count + 1, Sum + value, Math.Min(Min, value), Math.Max(Max, value));
}
