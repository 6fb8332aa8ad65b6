using System.Diagnostics;
using Monitoring.Centres;
using Monitoring.Measuring;

namespace Monitoring.Tree;

/// <summary>One run of the tree workload against a centre on empty storage.</summary>
internal sealed class TreeRun : IAsyncDisposable
{
    private const int WarmupAlerts = 20;
    private const double HalfLoad = 0.5;
    private const double HighLoad = 0.9;
    private const string CheckpointCount = "monitoring_checkpoint_duration_seconds_count";
    private static readonly TimeSpan _span = TimeSpan.FromDays(1);

    private readonly TreeOptions _options;
    private readonly TreeShape _tree;
    private readonly MeasuredCentre _centre;
    private readonly AlertProbe _alerts;
    private readonly LoadFleet _fleet;
    private PropagationProbe? _propagation;

    private TreeRun(TreeOptions options, TreeShape tree, MeasuredCentre centre, AlertProbe alerts, LoadFleet fleet) =>
        (_options, _tree, _centre, _alerts, _fleet) = (options, tree, centre, alerts, fleet);

    private Totals Sent => _fleet.Sent + _alerts.Sent + (_propagation?.Sent ?? default);

    private TimeSpan AlertInterval => TimeSpan.FromMilliseconds(_options.AlertIntervalMs);

    /// <summary>Makes the nodes and binds every stream to them.</summary>
    public static async Task<TreeRun> OpenAsync(TreeOptions options, MeasuredCentre centre, CancellationToken cancellationToken)
    {
        var clock = TimeProvider.System;
        var tree = new TreeShape(options.Leaves, options.Depth) { MorePeriods = options.MorePeriods };
        await TreeShape.ApplyAsync(centre.Channel, tree.Dictionary, cancellationToken);
        var alerts = await AlertProbe.OpenAsync(centre, tree, clock, cancellationToken);
        var fleet = await LoadFleet.OpenAsync(centre, tree, options.Streams, options.Batch, clock, cancellationToken);
        return new TreeRun(options, tree, centre, alerts, fleet);
    }

    /// <summary>Lets the programs compile what they run most, and fills their caches; what it takes is not measured.</summary>
    public async Task WarmUpAsync(CancellationToken cancellationToken)
    {
        if (_options.Warmup > 0)
        {
            await _fleet.RunAsync(TimeSpan.FromSeconds(_options.Warmup), cancellationToken);
            await HoldsAsync(cancellationToken);
            await _centre.SettleAsync(cancellationToken);
            await _alerts.RunAsync(Math.Min(WarmupAlerts, _options.Alerts), AlertInterval, cancellationToken);
        }
    }

    /// <summary>Measures everything that the options ask for.</summary>
    public async Task<TreeReport> MeasureAsync(CancellationToken cancellationToken)
    {
        await _centre.SettleAsync(cancellationToken);
        var idleAlerts = await _alerts.RunAsync(_options.Alerts, AlertInterval, cancellationToken);
        var (report, load) = await MeasureLoadAsync(cancellationToken);
        report = report with
        {
            AlertMsP50 = idleAlerts.Percentile(0.5),
            AlertMsP99 = idleAlerts.Percentile(0.99),
            AlertsMissing = Missing(idleAlerts),
        };
        if (_options.AlertLoad)
        {
            report = await MeasureAlertsAsync(report, load, cancellationToken);
        }

        if (_options.Propagation > 0)
        {
            report = await MeasurePropagationAsync(report, load, cancellationToken);
        }

        var memory = _centre.Memory;
        return report with
        {
            Sent = Sent,
            RssBytes = memory.Gateway,
            SiloRssBytes = memory.Silo,
            DatabaseMemoryBytes = memory.Database,
            Correct = report is { Correct: true, AlertsMissing: 0, PropagationMissing: 0 } && await HoldsAsync(cancellationToken),
        };
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _fleet.DisposeAsync();
        await _alerts.DisposeAsync();
        if (_propagation is not null)
        {
            await _propagation.DisposeAsync();
        }
    }

    private int Missing(Latencies alerts) => _options.Alerts - alerts.Count;

    private Task<bool> HoldsAsync(CancellationToken cancellationToken) => RootTotals.HoldAsync(_centre.Channel, _span, Sent, cancellationToken);

    private async Task<(TreeReport Report, FullLoad Load)> MeasureLoadAsync(CancellationToken cancellationToken)
    {
        var checkpoints = (await _centre.MetricsAsync(cancellationToken)).Sum(CheckpointCount);
        var cpuBefore = _centre.Cpu;
        var load = await _fleet.RunAsync(TimeSpan.FromSeconds(_options.Seconds), cancellationToken);
        var drained = Stopwatch.GetTimestamp();
        var isRight = await HoldsAsync(cancellationToken);
        var rollUp = Stopwatch.GetElapsedTime(drained);
        var cpu = _centre.Cpu - cpuBefore;
        return (new TreeReport(_options)
        {
            PointsPerSecond = Math.Round(load.PointsPerSecond),
            PointsAppliedPerSecond = Math.Round(load.Points / (load.Elapsed + rollUp).TotalSeconds),
            AckMsP50 = load.Acks.Percentile(0.5),
            AckMsP99 = load.Acks.Percentile(0.99),
            AckMsP999 = load.Acks.Percentile(0.999),
            RollUpMs = Math.Round(rollUp.TotalMilliseconds),
            Cpu = cpu.Gateway,
            SiloCpu = cpu.Silo,
            DatabaseCpu = cpu.Database,
            GeneratorCpu = cpu.Generator,
            CpuUsPerPoint = Math.Round(cpu.Centre * 1e6 / load.Points, 3),
            GeneratorCpuUsPerPoint = Math.Round(cpu.Generator * 1e6 / load.Points, 3),
            Checkpoints = (await _centre.MetricsAsync(cancellationToken)).Sum(CheckpointCount) - checkpoints,
            Correct = isRight,
        }, load);
    }

    private async Task<TreeReport> MeasureAlertsAsync(TreeReport report, FullLoad load, CancellationToken cancellationToken)
    {
        var (half, halfRate) = await AlertsUnderAsync(HalfLoad);
        var (high, highRate) = await AlertsUnderAsync(HighLoad);
        return report with
        {
            AlertLoadMsP50 = half.Percentile(0.5),
            AlertLoadMsP99 = half.Percentile(0.99),
            AlertLoadPointsPerSecond = Math.Round(halfRate),
            AlertLoad90MsP50 = high.Percentile(0.5),
            AlertLoad90MsP99 = high.Percentile(0.99),
            AlertLoad90PointsPerSecond = Math.Round(highRate),
            AlertsMissing = report.AlertsMissing + Missing(half) + Missing(high),
        };

        Task<(Latencies Alerts, double PointsPerSecond)> AlertsUnderAsync(double share) =>
            UnderAsync(load, share, () => _alerts.RunAsync(_options.Alerts, AlertInterval, cancellationToken), cancellationToken);
    }

    /// <summary>Measures something under a share of the load that was reached, once nothing is left of what was before.</summary>
    private async Task<(T Measured, double PointsPerSecond)> UnderAsync<T>(
        FullLoad load, double share, Func<Task<T>> measure, CancellationToken cancellationToken)
    {
        await _centre.SettleAsync(cancellationToken);
        return await _fleet.UnderAsync(load.PointsPerSecond * share, measure, cancellationToken);
    }

    private async Task<TreeReport> MeasurePropagationAsync(TreeReport report, FullLoad load, CancellationToken cancellationToken)
    {
        var probe = _propagation = await PropagationProbe.OpenAsync(_centre, _tree, TimeProvider.System, cancellationToken);
        await probe.WarmUpAsync(cancellationToken);
        var (missing, _) = await UnderAsync(load, HalfLoad, () => probe.RunAsync(_options.Propagation, cancellationToken), cancellationToken);
        return report with
        {
            Propagation =
            [
                .. probe.Levels.Select((latencies, level) => new PropagationLevel(level, latencies.Percentile(0.5), latencies.Percentile(0.99))),
            ],
            PropagationMissing = missing,
        };
    }
}
