using System.Globalization;
using System.Threading.Channels;
using Monitoring.Chaos.Processes;
using Monitoring.Peers.Alertmanager;
using Monitoring.Peers.Programs;
using Monitoring.Peers.RemoteWrite;
using Monitoring.Peers.Workload;
using Monitoring.Tree;

namespace Monitoring.Peers.VictoriaMetrics;

/// <summary>VictoriaMetrics with vmalert, which evaluates rules every second and sends alerts to an Alertmanager.</summary>
internal sealed class VictoriaMetricsPeer : IPeer
{
    /// <summary>Its name on the PATH.</summary>
    public const string Program = "victoria-metrics";

    /// <summary>Name of the program that evaluates rules.</summary>
    public const string RulesProgram = "vmalert";

    private const int Ports = 4;

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromMinutes(5) };
    private readonly TreeSeries _series;
    private readonly Uri _address;
    private readonly Uri _rulesAddress;
    private readonly QueryClient _queries;
    private AlertmanagerProgram? _alertmanager;
    private ChildProgram? _process;
    private ChildProgram? _rules;

    private VictoriaMetricsPeer(TreeShape tree, int port, int rulesPort)
    {
        _series = new TreeSeries(tree);
        _address = new UriBuilder(Uri.UriSchemeHttp, "127.0.0.1", port).Uri;
        _rulesAddress = new UriBuilder(Uri.UriSchemeHttp, "127.0.0.1", rulesPort).Uri;
        _queries = new QueryClient(_http, _address);
    }

    /// <inheritdoc/>
    public string Name => "victoriametrics";

    /// <inheritdoc/>
    public string Version { get; private set; } = string.Empty;

    /// <inheritdoc/>
    public IReadOnlyList<int> ConnectionsToTry => [1, 2, 4, 8];

    /// <inheritdoc/>
    public ChannelReader<ParentAlert> Alerts => Alertmanager.Alerts;

    /// <inheritdoc/>
    public double CpuSeconds => (_process?.CpuSeconds ?? 0) + (_rules?.CpuSeconds ?? 0) + Alertmanager.CpuSeconds;

    /// <inheritdoc/>
    public string Output => $"{_process?.Output}{Environment.NewLine}{_rules?.Output}{Environment.NewLine}{_alertmanager?.Output}";

    private AlertmanagerProgram Alertmanager => _alertmanager ?? throw new InvalidOperationException("Alertmanager does not run.");

    private string Data => _folder.PathOf("data");

    /// <summary>
    /// What the rules of a group record is not in the storage when the next one is evaluated, so each starts from the leaves.
    /// </summary>
    private static string Rules { get; } = string.Create(CultureInfo.InvariantCulture, $$"""
        groups:
          - name: tree
            interval: 1s
            rules:
              - alert: High
                expr: sum by (department, parent) ({{TreeSeries.Metric}}) > {{TreeShape.Threshold:F0}}
              - record: parent:load_value:sum
                expr: sum by (department, parent) ({{TreeSeries.Metric}})
              - record: department:load_value:sum
                expr: sum by (department) ({{TreeSeries.Metric}})
              - record: root:load_value:sum
                expr: sum({{TreeSeries.Metric}})
        """);

    /// <summary>Starts all programs and waits until they are ready.</summary>
    public static async Task<VictoriaMetricsPeer> StartAsync(TreeShape tree, CancellationToken cancellationToken)
    {
        var ports = FreePorts.Take(Ports);
        var peer = new VictoriaMetricsPeer(tree, ports[0], ports[1]);
        try
        {
            peer.Version = await ChildProgram.VersionOfAsync(Program, cancellationToken);
            peer._alertmanager = await AlertmanagerProgram.StartAsync(peer._folder, ports[2], ports[3], peer._http, cancellationToken);
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
    public async Task<long> StoredPointsAsync(CancellationToken cancellationToken) =>
        (long)await _queries.ValueAsync($"sum(count_over_time({TreeSeries.Metric}[2h]))", cancellationToken);

    /// <inheritdoc/>
    public async Task<DiskUse> MeasureDiskAsync(CancellationToken cancellationToken)
    {
        await PostAsync("internal/force_flush", cancellationToken);
        await PostAsync("internal/force_merge", cancellationToken);
        return new DiskUse(TemporaryFolder.BytesOf(Data), "parts and index after a flush and a merge");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var program in new[] { _rules, _process })
        {
            if (program is not null)
            {
                await program.DisposeAsync();
            }
        }

        if (_alertmanager is not null)
        {
            await _alertmanager.DisposeAsync();
        }

        _http.Dispose();
        _folder.Dispose();
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        _process = ChildProgram.Start(
            Program,
            _folder.Path,
            $"-storageDataPath={Data}",
            $"-httpListenAddr={_address.Authority}",
            "-search.latencyOffset=1ms", // By default rules see points after 30 s.
            "-search.maxLookback=5m", // As Prometheus; otherwise leaves that rest for a second drop out of the sums.
            "-search.maxUniqueTimeseries=2000000", // By default 300,000, but rules read every leaf.
            "-loggerLevel=WARN");
        await _process.WaitUntilReadyAsync(_http, new Uri(_address, "health"), cancellationToken);

        await File.WriteAllTextAsync(_folder.PathOf("rules.yml"), Rules, cancellationToken);
        _rules = ChildProgram.Start(
            RulesProgram,
            _folder.Path,
            $"-rule={_folder.PathOf("rules.yml")}",
            $"-datasource.url={_address}",
            "-datasource.queryTimeAlignment=false", // Rules are for now, not for the last full second.
            $"-remoteWrite.url={_address}",
            "-remoteWrite.flushInterval=100ms",
            $"-notifier.url={Alertmanager.Address}",
            "-evaluationInterval=1s",
            $"-httpListenAddr={_rulesAddress.Authority}",
            "-loggerLevel=WARN");
        await _rules.WaitUntilReadyAsync(_http, new Uri(_rulesAddress, "health"), cancellationToken);
    }

    private async Task PostAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await _http.PostAsync(new Uri(_address, path), content: null, cancellationToken);
        response.EnsureSuccessStatusCode();
    }
}
