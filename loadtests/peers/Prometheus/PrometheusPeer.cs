using System.Globalization;
using System.Text.Json;
using Monitoring.Peers.Programs;
using Monitoring.Peers.RemoteWrite;
using Monitoring.Peers.Workload;
using Monitoring.Tree;

namespace Monitoring.Peers.Prometheus;

/// <summary>Prometheus with recording rules and an alert rule.</summary>
internal sealed class PrometheusPeer(TreeShape tree) : RemoteWritePeer(tree, Program, ownPorts: 1)
{
    /// <summary>Its name on the PATH.</summary>
    public const string Program = "prometheus";

    /// <inheritdoc/>
    public override string Name => "prometheus";

    /// <inheritdoc/>
    /// <remarks>
    /// In steady state nearly all points are in compacted blocks. A snapshot makes the blocks of what is in memory, as the compaction
    /// after two hours would.
    /// </remarks>
    public override async Task<DiskUse> MeasureDiskAsync(CancellationToken cancellationToken)
    {
        using var answer = JsonDocument.Parse(await PostAsync("api/v1/admin/tsdb/snapshot", cancellationToken));
        var name = answer.RootElement.GetProperty("data").GetProperty("name").GetString()!;
        return new DiskUse(TemporaryFolder.BytesOf(Path.Combine(Data, "snapshots", name)), "compacted blocks; the write-ahead log holds the last 2 to 3 hours")
        {
            TransientBytes = TemporaryFolder.BytesOf(Path.Combine(Data, "wal")),
        };
    }

    /// <inheritdoc/>
    protected override async Task StartProgramsAsync(IReadOnlyList<int> ports, CancellationToken cancellationToken)
    {
        await File.WriteAllTextAsync(Folder.PathOf("prometheus.yml"), Configuration, cancellationToken);
        await File.WriteAllTextAsync(Folder.PathOf("rules.yml"), Rules, cancellationToken);
        string[] arguments =
        [
            $"--config.file={Folder.PathOf("prometheus.yml")}",
            $"--storage.tsdb.path={Data}",
            $"--web.listen-address={Address.Authority}",
            "--web.enable-remote-write-receiver",
            "--web.enable-admin-api", // For snapshots.
            "--log.level=warn",
        ];
        await StartAsync(Program, arguments, new Uri(Address, "-/ready"), cancellationToken);
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
