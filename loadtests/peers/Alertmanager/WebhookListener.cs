using System.Diagnostics;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Monitoring.Peers.RemoteWrite;
using Monitoring.Peers.Workload;

namespace Monitoring.Peers.Alertmanager;

/// <summary>Takes the webhooks of an Alertmanager.</summary>
internal sealed class WebhookListener : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly Channel<ParentAlert> _alerts = Channel.CreateUnbounded<ParentAlert>(); // As many as the load test raises.

    private WebhookListener(int port)
    {
        Address = new UriBuilder(Uri.UriSchemeHttp, "127.0.0.1", port).Uri;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Address.ToString());
        _application = builder.Build();
        _application.MapPost("/", ReceiveAsync);
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>What has come.</summary>
    public ChannelReader<ParentAlert> Alerts => _alerts.Reader;

    /// <summary>Starts to listen.</summary>
    public static async Task<WebhookListener> StartAsync(int port, CancellationToken cancellationToken)
    {
        var listener = new WebhookListener(port);
        await listener._application.StartAsync(cancellationToken);
        return listener;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task ReceiveAsync(HttpContext context)
    {
        var now = Stopwatch.GetTimestamp();

        // {"alerts":[{"status":"firing","labels":{"alertname":"High","department":"d3","parent":"p31"}}]}
        using var message = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        foreach (var alert in message.RootElement.GetProperty("alerts").EnumerateArray())
        {
            var parent = TreeSeries.ParentOf(alert.GetProperty("labels").GetProperty("parent").GetString()!);
            _alerts.Writer.TryWrite(new ParentAlert(parent, alert.GetProperty("status").GetString() == "firing", now));
        }
    }
}
