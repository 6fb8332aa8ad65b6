using System.Globalization;
using Monitoring.Peers.Programs;
using Monitoring.Peers.RemoteWrite;
using Monitoring.Peers.Workload;
using Monitoring.Tree;

namespace Monitoring.Peers.VictoriaMetrics;

/// <summary>VictoriaMetrics with vmalert, which evaluates the rules.</summary>
internal sealed class VictoriaMetricsPeer(TreeShape tree) : RemoteWritePeer(tree, Program, ownPorts: 2)
{
    /// <summary>Its name on the PATH.</summary>
    public const string Program = "victoria-metrics";

    /// <summary>Name of the program that evaluates rules.</summary>
    public const string RulesProgram = "vmalert";

    /// <inheritdoc/>
    public override string Name => "victoriametrics";

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

    /// <inheritdoc/>
    public override async Task<DiskUse> MeasureDiskAsync(CancellationToken cancellationToken)
    {
        await PostAsync("internal/force_flush", cancellationToken);
        await PostAsync("internal/force_merge", cancellationToken);
        return new DiskUse(TemporaryFolder.BytesOf(Data), "parts and index after a flush and a merge");
    }

    /// <inheritdoc/>
    protected override async Task StartProgramsAsync(IReadOnlyList<int> ports, CancellationToken cancellationToken)
    {
        string[] storage =
        [
            $"-storageDataPath={Data}",
            $"-httpListenAddr={Address.Authority}",
            "-search.latencyOffset=1ms", // By default rules see points after 30 s.
            "-search.maxLookback=5m", // As Prometheus; otherwise leaves that rest for a second drop out of the sums.
            "-search.maxUniqueTimeseries=2000000", // By default 300,000, but rules read every leaf.
            "-loggerLevel=WARN",
        ];
        await StartAsync(Program, storage, new Uri(Address, "health"), cancellationToken);

        await File.WriteAllTextAsync(Folder.PathOf("rules.yml"), Rules, cancellationToken);
        var address = Loopback(ports[1]);
        string[] rules =
        [
            $"-rule={Folder.PathOf("rules.yml")}",
            $"-datasource.url={Address}",
            "-datasource.queryTimeAlignment=false", // Rules are for now, not for the last full second.
            $"-remoteWrite.url={Address}",
            "-remoteWrite.flushInterval=100ms",
            $"-notifier.url={Alertmanager.Address}",
            "-evaluationInterval=1s",
            $"-httpListenAddr={address.Authority}",
            "-loggerLevel=WARN",
        ];
        await StartAsync(RulesProgram, rules, new Uri(address, "health"), cancellationToken);
    }
}
