using System.Threading.Channels;
using Monitoring.Peers.Programs;
using Monitoring.Peers.Workload;

namespace Monitoring.Peers.Alertmanager;

/// <summary>An Alertmanager that passes every alert on at once, and the listener that takes them.</summary>
internal sealed class AlertmanagerProgram : IAsyncDisposable
{
    /// <summary>Its name on the PATH.</summary>
    public const string Program = "prometheus-alertmanager";

    private readonly ChildProgram _process;
    private readonly WebhookListener _listener;

    private AlertmanagerProgram(ChildProgram process, WebhookListener listener, Uri address) =>
        (_process, _listener, Address) = (process, listener, address);

    /// <summary>Where it takes alerts.</summary>
    public Uri Address { get; }

    /// <summary>Alerts as they reach the webhook.</summary>
    public ChannelReader<ParentAlert> Alerts => _listener.Alerts;

    /// <summary>CPU time so far, in seconds.</summary>
    public double CpuSeconds => _process.CpuSeconds;

    /// <summary>What it wrote last.</summary>
    public string Output => _process.Output;

    /// <summary>Starts both and waits until they are ready.</summary>
    public static async Task<AlertmanagerProgram> StartAsync(
        TemporaryFolder folder, int port, int webhookPort, HttpClient http, CancellationToken cancellationToken)
    {
        var listener = await WebhookListener.StartAsync(webhookPort, cancellationToken);
        var address = new UriBuilder(Uri.UriSchemeHttp, "127.0.0.1", port).Uri;
        await File.WriteAllTextAsync(folder.PathOf("alertmanager.yml"), ConfigurationOf(listener.Address), cancellationToken);
        var process = ChildProgram.Start(
            Program,
            folder.Path,
            $"--config.file={folder.PathOf("alertmanager.yml")}",
            $"--storage.path={folder.PathOf("alertmanager")}",
            $"--web.listen-address={address.Authority}",
            "--cluster.listen-address=", // On its own.
            "--log.level=warn");
        var alertmanager = new AlertmanagerProgram(process, listener, address);
        try
        {
            await process.WaitUntilReadyAsync(http, new Uri(address, "-/ready"), cancellationToken);
            return alertmanager;
        }
        catch
        {
            await alertmanager.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        await _listener.DisposeAsync();
    }

    /// <summary>Each alert is a group of its own and waits for nothing, so that Alertmanager is as fast as it can be.</summary>
    private static string ConfigurationOf(Uri webhook) => $"""
        route:
          receiver: load
          group_by: ['...']
          group_wait: 0s
          group_interval: 100ms
          repeat_interval: 24h
        receivers:
          - name: load
            webhook_configs:
              - url: {webhook}
                send_resolved: true
        """;
}
