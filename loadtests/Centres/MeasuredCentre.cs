using System.Diagnostics;
using Grpc.Net.Client;
using Monitoring.Chaos.Faults;
using Monitoring.Chaos.Processes;
using Monitoring.Measuring;

namespace Monitoring.Centres;

/// <summary>
/// The processes of a centre on empty storage that is measured. Unlike the one of the chaos scenario nobody starts a process again that
/// fell: then the next measurement fails. Data and logs are removed at the end.
/// </summary>
internal sealed class MeasuredCentre : IAsyncDisposable
{
    private const int LogLines = 20;
    private const int LogCharacters = 300;

    private const double IdleShare = 0.2; // Of one core.
    private static readonly TimeSpan _settleInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _settleLimit = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _folder;
    private readonly CentreLayout _layout;
    private readonly HttpClient _http = new();

    private MeasuredCentre(CentreSetup setup, DirectoryInfo folder, CentreRequest request, CentreLayout layout)
    {
        (_folder, _layout) = (folder, layout);
        Storage = new CentreStorage(setup, CentreLayout.DataFolderOf(request), layout);
        Channel = GrpcChannel.ForAddress(GrpcAddress, new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true },
            MaxReceiveMessageSize = null,
        });
    }

    /// <summary>Where the gateway takes gRPC.</summary>
    public Uri GrpcAddress => _layout.Gateways[0].Address;

    /// <summary>Connection to the gateway; opens as many as its calls need.</summary>
    public GrpcChannel Channel { get; }

    /// <summary>What is on the disk.</summary>
    public CentreStorage Storage { get; }

    /// <summary>CPU time until now.</summary>
    public CpuTime Cpu => new(
        CpuOf(ProcessRole.Gateway) ?? 0,
        CpuOf(ProcessRole.Silo),
        IdsOf(ProcessRole.Database) is [var server] ? ProcessUsage.CpuSecondsOfFamily(server) : null,
        ProcessUsage.Of(Environment.ProcessId).CpuSeconds);

    /// <summary>Memory until now.</summary>
    public PeakMemory Memory => new(
        PeakOf(ProcessRole.Gateway) ?? 0,
        PeakOf(ProcessRole.Silo),
        IdsOf(ProcessRole.Database) is [var server] ? ProcessUsage.BytesOfFamily(server) : null);

    /// <summary>The process that hosts the actors.</summary>
    public int ActorHostId => ActorHost.Id ?? throw Fallen(ActorHost);

    /// <summary>The last lines of every process's log, without those that only inform: for whoever has to find out what went wrong.</summary>
    public string Logs => string.Join(Environment.NewLine, _folder.EnumerateFiles("*.log").SelectMany(LastLinesOf));

    /// <summary>Measures a centre on empty storage; when that fails, tells what its processes had to say.</summary>
    /// <param name="setup">The centre.</param>
    /// <param name="measure">What is done with it.</param>
    /// <param name="isCorrect">Whether all totals were as expected.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<T> MeasureAsync<T>(
        CentreSetup setup, Func<MeasuredCentre, Task<T>> measure, Func<T, bool> isCorrect, CancellationToken cancellationToken)
    {
        await using var centre = await StartAsync(setup, cancellationToken);
        try
        {
            var measured = await measure(centre);
            if (!isCorrect(measured))
            {
                await Console.Error.WriteLineAsync(centre.Logs);
            }

            return measured;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever went wrong, the logs go with the processes.
            await Console.Error.WriteLineAsync(centre.Logs);
            throw;
        }
    }

    /// <summary>Starts a centre and waits until it is ready.</summary>
    private static async Task<MeasuredCentre> StartAsync(CentreSetup setup, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("monitoring-load-");
        var request = new CentreRequest(setup.IsSeparate ? 1 : 0, Gateways: 1, setup.Storage, HasCuts: false, folder.FullName)
        {
            ConnectionString = setup.PostgreSql,
            Arguments = setup.Arguments,
        };
        var centre = new MeasuredCentre(setup, folder, request, await CentreLayout.CreateAsync(request));
        try
        {
            await centre.StartAgainAsync(cancellationToken);
            return centre;
        }
        catch
        {
            await centre.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts what does not run and waits until it is ready.</summary>
    public async Task StartAgainAsync(CancellationToken cancellationToken)
    {
        foreach (var process in _layout.Processes)
        {
            await process.StartAsync(cancellationToken);
        }
    }

    /// <summary>Stops gateway and silo in good order, which takes a last checkpoint; the database goes on.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var process in _layout.Processes.Reverse().Where(process => process.Role != ProcessRole.Database))
        {
            await process.StopAsync(cancellationToken);
        }
    }

    /// <summary>Waits, for a limited time, until the centre does next to nothing: what it was told before is not to be measured.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        var (cpu, isBusy) = (Cpu.Centre, true);
        while (isBusy && Stopwatch.GetElapsedTime(began) < _settleLimit)
        {
            await Task.Delay(_settleInterval, cancellationToken);
            isBusy = Cpu.Centre - cpu > IdleShare * _settleInterval.TotalSeconds;
            cpu = Cpu.Centre;
        }
    }

    /// <summary>Reads the metrics of the process that hosts the actors.</summary>
    public async Task<MetricsPage> MetricsAsync(CancellationToken cancellationToken) =>
        MetricsPage.Parse(await _http.GetStringAsync(new Uri(ActorHost.Health, "/metrics"), cancellationToken));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        _http.Dispose();
        foreach (var process in _layout.Processes.Reverse())
        {
            await process.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    // The silo comes before the gateway.
    private DotnetProcess ActorHost => _layout.Processes.OfType<DotnetProcess>().First();

    private InvalidOperationException Fallen(ICentreProcess process) => new($"{process.Name} has ended.{Environment.NewLine}{Logs}");

    private static IEnumerable<string> LastLinesOf(FileInfo file) => File.ReadLines(file.FullName)
        .Where(line => !line.Contains(" info: ", StringComparison.Ordinal))
        .TakeLast(LogLines)
        .Select(line => line.Length > LogCharacters ? line[..LogCharacters] : line)
        .Prepend($"--- {file.Name}");

    private int[] IdsOf(ProcessRole role) => [.. _layout.Processes
        .Where(process => process.Role == role)
        .Select(process => process.Id ?? throw Fallen(process))];

    private double? CpuOf(ProcessRole role) => IdsOf(role) is [var id] ? ProcessUsage.Of(id).CpuSeconds : null;

    private long? PeakOf(ProcessRole role) => IdsOf(role) is [var id] ? ProcessUsage.Of(id).PeakRssBytes : null;
}
