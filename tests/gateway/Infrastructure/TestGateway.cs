using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Monitoring.Gateway.Hosting;
using Wire = Monitoring.Protocol.V1;

namespace Monitoring.Infrastructure;

/// <summary>A gateway on free ports over fake actors, and clients of it. Everything is given up after half a minute.</summary>
internal sealed class TestGateway : IAsyncDisposable
{
    private readonly CancellationTokenSource _guard = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly WebApplication _app;
    private readonly GrpcChannel _channel;

    private TestGateway(FakeCluster cluster, WebApplication app)
    {
        Cluster = cluster;
        _app = app;
        _guard.CancelAfter(TimeSpan.FromSeconds(30));
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToArray();
        Web = new HttpClient { BaseAddress = new Uri(addresses[0]) };
        _channel = GrpcChannel.ForAddress(addresses[1]);
        Ingest = new Wire.Ingest.IngestClient(_channel);
        Alerts = new Wire.Alerts.AlertsClient(_channel);
        Indicators = new Wire.Indicators.IndicatorsClient(_channel);
        Dictionary = new Wire.Dictionary.DictionaryClient(_channel);
    }

    public FakeCluster Cluster { get; }

    public HttpClient Web { get; }

    public ChannelBase Channel => _channel;

    public Wire.Ingest.IngestClient Ingest { get; }

    public Wire.Alerts.AlertsClient Alerts { get; }

    public Wire.Indicators.IndicatorsClient Indicators { get; }

    public Wire.Dictionary.DictionaryClient Dictionary { get; }

    /// <summary>A guard against tests that would hang.</summary>
    public CancellationToken Token => _guard.Token;

    public static async Task<TestGateway> StartAsync(params (string Key, string Value)[] settings)
    {
        var cluster = new FakeCluster();
        var app = Build(cluster, [("Gateway:WebPort", "0"), ("Gateway:GrpcPort", "0"), .. settings]);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new TestGateway(cluster, app);
    }

    public static WebApplication Build(FakeCluster cluster, params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.Services.AddSingleton<IGrainFactory>(cluster);
        builder.Services.AddSingleton(cluster.Map);
        builder.AddGateway();
        return builder.Build().MapGateway();
    }

    public T Service<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public async Task<PushClient> PushAsync(string source, ulong acknowledged = 0)
    {
        var client = new PushClient(Ingest.Push(cancellationToken: Token), Token);
        await client.SendAsync(new Wire.PushRequest { Hello = new Wire.Hello { Source = source, AcknowledgedSequence = acknowledged } });
        await client.ReadWelcomeAsync();
        return client;
    }

    public Task StopAsync() => _app.StopAsync(Token);

    public async ValueTask DisposeAsync()
    {
        Web.Dispose();
        _channel.Dispose();
        await _app.DisposeAsync();
        _guard.Dispose();
    }
}
