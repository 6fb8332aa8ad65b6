using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using Monitoring.Chaos.Processes;
using Monitoring.Peers.Alertmanager;
using Monitoring.Peers.Programs;
using Monitoring.Peers.RemoteWrite;
using Monitoring.Peers.Workload;
using Monitoring.Tree;

namespace Monitoring.Peers.Prometheus;

/// <summary>
/// Prometheus, which takes points by remote write, sums them up by recording rules every second, and sends alerts to an Alertmanager.
/// </summary>
internal sealed class PrometheusPeer : IPeer
{
    /// <summary>Its name on the PATH.</summary>
    public const string Program = "prometheus";

    private const int Ports = 3;

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromMinutes(5) };
    private readonly TreeSeries _series;
    private readonly Uri _address;
    private readonly QueryClient _queries;
    private AlertmanagerProgram? _alertmanager;
    private ChildProgram? _process;

    private PrometheusPeer(TreeShape tree, int port)
    {
        _series = new TreeSeries(tree);
        _address = new UriBuilder(Uri.UriSchemeHttp, "127.0.0.1", port).Uri;
        _queries = new QueryClient(_http, _address);
    }

    /// <inheritdoc/>
    public string Name => "prometheus";

    /// <inheritdoc/>
    public string Version { get; private set; } = string.Empty;

    /// <inheritdoc/>
    public IReadOnlyList<int> ConnectionsToTry => [1, 2, 4, 8];

    /// <inheritdoc/>
    public ChannelReader<ParentAlert> Alerts => Alertmanager.Alerts;

    /// <inheritdoc/>
    public double CpuSeconds => Process.CpuSeconds + Alertmanager.CpuSeconds;

    /// <inheritdoc/>
    public string Output => $"{_process?.Output}{Environment.NewLine}{_alertmanager?.Output}";

    private ChildProgram Process => _process ?? throw new InvalidOperationException("Prometheus does not run.");

    private AlertmanagerProgram Alertmanager => _alertmanager ?? throw new InvalidOperationException("Alertmanager does not run.");

    /// <summary>Starts both programs and waits until they are ready.</summary>
    public static async Task<PrometheusPeer> StartAsync(TreeShape tree, CancellationToken cancellationToken)
    {
        var ports = FreePorts.Take(Ports);
        var peer = new PrometheusPeer(tree, ports[0]);
        try
        {
            peer.Version = await ChildProgram.VersionOfAsync(Program, cancellationToken);
            peer._alertmanager = await AlertmanagerProgram.StartAsync(peer._folder, ports[1], ports[2], peer._http, cancellationToken);
            await peer.StartAsync(cancellationToken);
            return peer;
        }
        catch
        {
            await peer.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public int ProbeLeaf(int parent) => _series.ProbeOf(parent);

    /// <inheritdoc/>
    public Task<IBatchConnection> ConnectAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IBatchConnection>(new RemoteWriteConnection(_address, _series, TimeProvider.System));

    /// <inheritdoc/>
    public Task<double> RootSumAsync(CancellationToken cancellationToken) => _queries.ValueAsync("root:load_value:sum", cancellationToken);

    /// <inheritdoc/>
    /// <remarks>
    /// Counted one by one: <c>prometheus_tsdb_head_samples_appended_total</c> would have the results of the rules in it as well.
    /// </remarks>
    public async Task<long> StoredPointsAsync(CancellationToken cancellationToken) =>
        (long)await _queries.ValueAsync($"sum(count_over_time({TreeSeries.Metric}[2h]))", cancellationToken);

    /// <inheritdoc/>
    /// <remarks>
    /// In steady state nearly all points are in compacted blocks. A snapshot makes the blocks of what is in memory, as the compaction
    /// after two hours would.
    /// </remarks>
    public async Task<DiskUse> MeasureDiskAsync(CancellationToken cancellationToken)
    {
        using var response = await _http.PostAsync(new Uri(_address, "api/v1/admin/tsdb/snapshot"), content: null, cancellationToken);
        response.EnsureSuccessStatusCode();
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
        var name = answer.RootElement.GetProperty("data").GetProperty("name").GetString()!;
        return new DiskUse(TemporaryFolder.BytesOf(Path.Combine(Data, "snapshots", name)), "compacted blocks; the write-ahead log holds the last 2 to 3 hours")
        {
            TransientBytes = TemporaryFolder.BytesOf(Path.Combine(Data, "wal")),
        };
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        if (_alertmanager is not null)
        {
            await _alertmanager.DisposeAsync();
        }

        _http.Dispose();
        _folder.Dispose();
    }

    private string Data => _folder.PathOf("data");

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        await File.WriteAllTextAsync(_folder.PathOf("prometheus.yml"), Configuration, cancellationToken);
        await File.WriteAllTextAsync(_folder.PathOf("rules.yml"), Rules, cancellationToken);
        _process = ChildProgram.Start(
            Program,
            _folder.Path,
            $"--config.file={_folder.PathOf("prometheus.yml")}",
            $"--storage.tsdb.path={Data}",
            $"--web.listen-address={_address.Authority}",
            "--web.enable-remote-write-receiver",
            "--web.enable-admin-api", // For snapshots.
            "--log.level=warn");
        await _process.WaitUntilReadyAsync(_http, new Uri(_address, "-/ready"), cancellationToken);
    }

    private string Configuration => $"""
        global:
          evaluation_interval: 1s
        rule_files: [rules.yml]
        alerting:
          alertmanagers:
            - static_configs:
                - targets: ['{Alertmanager.Address.Authority}']
        """;

    /// <summary>Rules of a group are evaluated one after the other, each with what the ones before it recorded.</summary>
    private static string Rules { get; } = string.Create(CultureInfo.InvariantCulture, $$"""
        groups:
          - name: tree
            rules:
              - record: parent:load_value:sum
                expr: sum by (department, parent) ({{TreeSeries.Metric}})
              - alert: High
                expr: parent:load_value:sum > {{TreeShape.Threshold:F0}}
              - record: department:load_value:sum
                expr: sum by (department) (parent:load_value:sum)
              - record: root:load_value:sum
                expr: sum(department:load_value:sum)
        """);
}
