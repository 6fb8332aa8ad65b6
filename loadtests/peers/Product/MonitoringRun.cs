using Monitoring.Centres;
using Monitoring.Tree;

namespace Monitoring.Peers.Product;

/// <summary>Monitoring itself, by the tree scenario.</summary>
internal sealed class MonitoringRun(PeersOptions options, string storage)
{
    private const int WarmupSeconds = 8; // As long as the numbers of connections of a peer are tried.

    /// <summary>Runs it on empty storage.</summary>
    public async Task<PeerResult> RunAsync(CancellationToken cancellationToken)
    {
        var report = await new TreeScenario(TreeOptions).MeasureAsync(cancellationToken);
        return new PeerResult
        {
            Name = "monitoring",
            Version = report.Version,
            Connections = report.Streams,
            PointsPerSecond = report.PointsAppliedPerSecond,
            AcknowledgedPerSecond = report.PointsPerSecond,
            AlertMsP50 = report.AlertMsP50,
            AlertMsP99 = report.AlertMsP99,
            AlertLoadMsP50 = report.AlertLoadMsP50,
            AlertLoadMsP99 = report.AlertLoadMsP99,
            AlertsMissing = report.AlertsMissing,
            CpuSeconds = Math.Round(report.Cpu + (report.DatabaseCpu ?? 0), 1),
            CpuUsPerPoint = report.CpuUsPerPoint,
            BytesPerPoint = report.PackedBytesPerPoint,
            TransientBytesPerPoint = Math.Round(report.DiskBytesPerPoint - report.PackedBytesPerPoint ?? 0, 2),
            BytesOf = "growth of the database after a last checkpoint, without the room of rows that are gone",
            IsTotalRight = report.Correct,
        };
    }

    private TreeOptions TreeOptions => new()
    {
        Leaves = options.Leaves,
        Batch = options.Batch,
        Seconds = options.Seconds,
        Warmup = WarmupSeconds,
        Streams = options.Streams,
        Alerts = options.Alerts,
        AlertIntervalMs = (int)(options.AlertInterval / 2).TotalMilliseconds, // Every second one raises an alert.
        AlertLoad = true,
        Centre = new CentreSetup { Storage = storage },
    };
}
