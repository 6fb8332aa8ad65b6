using System.Threading.Channels;
using Monitoring.Chaos.Processes;
using Monitoring.Peers.Alertmanager;
using Monitoring.Peers.Programs;
using Monitoring.Peers.Workload;
using Monitoring.Tree;

namespace Monitoring.Peers.RemoteWrite;

/// <summary>What takes points by remote write, sums them up by rules every second, and sends alerts to an Alertmanager.</summary>
internal abstract class RemoteWritePeer(TreeShape tree, string program, int ownPorts) : IPeer
{
    private readonly TreeSeries _series = new(tree);
    private readonly List<ChildProgram> _programs = [];
    private QueryClient? _queries;
    private AlertmanagerProgram? _alertmanager;

    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public string Version { get; private set; } = string.Empty;

    /// <inheritdoc/>
    public IReadOnlyList<int> ConnectionsToTry => [1, 2, 4, 8];

    /// <inheritdoc/>
    public ChannelReader<ParentAlert> Alerts => Alertmanager.Alerts;

    /// <inheritdoc/>
    public double CpuSeconds => _programs.Sum(running => running.CpuSeconds) + Alertmanager.CpuSeconds;

    /// <inheritdoc/>
    public string Output => string.Join(Environment.NewLine, _programs.Select(running => running.Output).Append(_alertmanager?.Output));

    /// <summary>Where its files are.</summary>
    protected TemporaryFolder Folder { get; } = new();

    /// <summary>For questions to its programs.</summary>
    protected HttpClient Http { get; } = new() { Timeout = TimeSpan.FromMinutes(5) };

    /// <summary>Where it takes points and answers queries.</summary>
    protected Uri Address { get; private set; } = null!;

    /// <summary>Where its points are stored.</summary>
    protected string Data => Folder.PathOf("data");

    /// <summary>Where alerts go.</summary>
    protected AlertmanagerProgram Alertmanager => _alertmanager ?? throw new InvalidOperationException("Alertmanager does not run.");

    private QueryClient Queries => _queries ?? throw new InvalidOperationException($"{program} does not run.");

    /// <summary>Starts all programs and waits until they are ready.</summary>
    public async Task<IPeer> StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            var ports = FreePorts.Take(ownPorts + 2);
            Address = Loopback(ports[0]);
            _queries = new QueryClient(Http, Address);
            Version = await ChildProgram.VersionOfAsync(program, cancellationToken);
            _alertmanager = await AlertmanagerProgram.StartAsync(Folder, ports[^2], ports[^1], Http, cancellationToken);
            await StartProgramsAsync(ports, cancellationToken);
            return this;
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public int ProbeLeaf(int parent) => _series.ProbeOf(parent);

    /// <inheritdoc/>
    public Task<IBatchConnection> ConnectAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IBatchConnection>(new RemoteWriteConnection(Address, _series, TimeProvider.System));

    /// <inheritdoc/>
    public Task<double> RootSumAsync(CancellationToken cancellationToken) => Queries.ValueAsync("root:load_value:sum", cancellationToken);

    /// <inheritdoc/>
    /// <remarks>
    /// Counted one by one: counters such as <c>prometheus_tsdb_head_samples_appended_total</c> would have the results of the rules in them as
    /// well.
    /// </remarks>
    public async Task<long> StoredPointsAsync(CancellationToken cancellationToken) =>
        (long)await Queries.ValueAsync($"sum(count_over_time({TreeSeries.Metric}[2h]))", cancellationToken);

    /// <inheritdoc/>
    public abstract Task<DiskUse> MeasureDiskAsync(CancellationToken cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var running in Enumerable.Reverse(_programs))
        {
            await running.DisposeAsync();
        }

        if (_alertmanager is not null)
        {
            await _alertmanager.DisposeAsync();
        }

        Http.Dispose();
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Starts its own programs.</summary>
    /// <param name="ports">Free ports, as many as it has asked for and more; the first is that of <see cref="Address"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    protected abstract Task StartProgramsAsync(IReadOnlyList<int> ports, CancellationToken cancellationToken);

    /// <summary>An address of this machine.</summary>
    protected static Uri Loopback(int port) => new UriBuilder(Uri.UriSchemeHttp, "127.0.0.1", port).Uri;

    /// <summary>Starts a program and waits until it is ready.</summary>
    protected async Task StartAsync(string name, string[] arguments, Uri readiness, CancellationToken cancellationToken)
    {
        var started = ChildProgram.Start(name, Folder.Path, arguments);
        _programs.Add(started);
        await started.WaitUntilReadyAsync(Http, readiness, cancellationToken);
    }

    /// <summary>Asks a program to do something, and reads what it answers.</summary>
    protected async Task<string> PostAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await Http.PostAsync(new Uri(Address, path), content: null, cancellationToken);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync(cancellationToken);
    }
}
