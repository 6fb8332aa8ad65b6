using System.Globalization;
using Monitoring.Peers.Alertmanager;
using Monitoring.Peers.PostgreSql;
using Monitoring.Peers.Product;
using Monitoring.Peers.Programs;
using Monitoring.Peers.Prometheus;
using Monitoring.Peers.VictoriaMetrics;
using Monitoring.Peers.Workload;
using Monitoring.Storage;
using Monitoring.Tree;

namespace Monitoring.Peers;

/// <summary>
/// The tree workload against Monitoring and, one after the other, against those peers that are installed. Each is started empty on free
/// ports of the loopback address and is gone before the next one starts.
/// </summary>
internal sealed class PeersScenario(PeersOptions options)
{
    private readonly TreeShape _tree = new(options.Leaves);

    /// <summary>Runs it and prints a table and, as the last line, JSON.</summary>
    /// <returns>0 when what is installed was compared and every total is right, otherwise 1.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var hasPostgreSql = PostgreSqlServer.IsInstalled;
        if (!hasPostgreSql)
        {
            Console.WriteLine("postgresql is not installed: apt-get install postgresql (Monitoring stores in SQLite instead)");
        }

        var storage = hasPostgreSql ? "postgresql" : "sqlite";
        var loadAverage = LoadAverage();
        Log("monitoring", $"storage in {storage}");
        var report = new PeersReport
        {
            Leaves = options.Leaves,
            Batch = options.Batch,
            Seconds = options.Seconds,
            Storage = storage,
            LoadAverageBefore = loadAverage,
            Monitoring = await new MonitoringRun(options, storage).RunAsync(cancellationToken),
            Prometheus = await MeasurePrometheusAsync(cancellationToken),
            PostgreSql = hasPostgreSql ? await MeasurePostgreSqlAsync(cancellationToken) : null,
            VictoriaMetrics = await MeasureVictoriaMetricsAsync(cancellationToken),
        };
        Console.WriteLine(report.ToTable());
        Console.WriteLine(report.ToJson());
        return report.Correct ? 0 : 1;
    }

    private static void Log(string peer, string line) => Console.Error.WriteLine($"{TimeProvider.System.GetLocalNow():HH:mm:ss} {peer}: {line}");

    /// <summary>That of the last minute, from <c>/proc</c>: "0.31 1.75 1.45 2/80 1234".</summary>
    private static double LoadAverage() => double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);

    private async Task<PeerResult?> MeasurePrometheusAsync(CancellationToken cancellationToken)
    {
        if (!options.Peers.Contains("prometheus"))
        {
            return null;
        }

        if (!InstalledProgram.AreThere(PrometheusPeer.Program, AlertmanagerProgram.Program))
        {
            Console.WriteLine("prometheus is not installed: apt-get install prometheus prometheus-alertmanager");
            return null;
        }

        return await MeasureAsync(await new PrometheusPeer(_tree).StartAsync(cancellationToken), cancellationToken);
    }

    private async Task<PeerResult?> MeasurePostgreSqlAsync(CancellationToken cancellationToken) =>
        options.Peers.Contains("postgresql") ? await MeasureAsync(await PostgreSqlPeer.StartAsync(_tree, cancellationToken), cancellationToken) : null;

    private async Task<PeerResult?> MeasureVictoriaMetricsAsync(CancellationToken cancellationToken)
    {
        if (!options.Peers.Contains("victoriametrics"))
        {
            return null;
        }

        if (!InstalledProgram.AreThere(VictoriaMetricsPeer.Program, VictoriaMetricsPeer.RulesProgram, AlertmanagerProgram.Program))
        {
            Console.WriteLine("victoriametrics is not installed: apt-get install victoria-metrics prometheus-alertmanager");
            return null;
        }

        return await MeasureAsync(await new VictoriaMetricsPeer(_tree).StartAsync(cancellationToken), cancellationToken);
    }

    private async Task<PeerResult> MeasureAsync(IPeer peer, CancellationToken cancellationToken)
    {
        await using (peer)
        {
            var result = await new PeerMeasurement(peer, options, line => Log(peer.Name, line)).RunAsync(cancellationToken);
            if (!result.Correct)
            {
                await Console.Error.WriteLineAsync(peer.Output);
            }

            return result;
        }
    }
}
