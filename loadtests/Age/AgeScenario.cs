using System.Diagnostics;
using System.Globalization;
using Monitoring.Centres;
using Monitoring.Reporting;
using Monitoring.Tree;

namespace Monitoring.Age;

/// <summary>Whether a point costs more when much is stored: the same load on empty storage and after a history of every leaf.</summary>
internal sealed class AgeScenario(AgeOptions options)
{
    private const int MinutesOfHour = 60;
    private readonly TreeShape _tree = new(options.Leaves);
    private readonly TimeSpan _span = TimeSpan.FromHours(options.Hours) + TimeSpan.FromDays(1);

    /// <summary>All runs that the options ask for.</summary>
    public Scenario Scenario => new(
        string.Create(CultureInfo.InvariantCulture, $"age of {options.Hours} h, {options.Leaves} leaves, batches of {options.Batch}, {options.Run.Words}"),
        options.Run.Runs,
        options.Run.JsonFile,
        [
            ReportRow.Of("empty: points applied", "/s", "empty/points_applied_per_second"),
            ReportRow.Of("filled: points applied", "/s", "filled/points_applied_per_second"),
            ReportRow.Latency("empty: ack latency", "empty/ack_ms", "p99"),
            ReportRow.Latency("filled: ack latency", "filled/ack_ms", "p99"),
            ReportRow.Of("empty: CPU of a point", "us", "empty/cpu_us_per_point", 2),
            ReportRow.Of("filled: CPU of a point", "us", "filled/cpu_us_per_point", 2),
            ReportRow.Of("ratio of CPU", string.Empty, "cpu_ratio", 2),
            ReportRow.Of("points of the history", "/s", "history_points_per_second"),
            ReportRow.Of("storage with the history", "MiB", "disk_bytes", 0, 1_048_576),
        ],
        async cancellationToken => ReportText.NodeOf(await MeasuredCentre.MeasureAsync(
            options.Run.Centre, centre => MeasureAsync(centre, cancellationToken), report => report.Correct, cancellationToken)));

    private async Task<AgeReport> MeasureAsync(MeasuredCentre centre, CancellationToken cancellationToken)
    {
        await TreeShape.ApplyAsync(centre.Channel, _tree.Dictionary, cancellationToken);
        await using var fleet = await LoadFleet.OpenAsync(centre, _tree, streams: 1, options.Batch, TimeProvider.System, cancellationToken);
        var (empty, isEmptyRight) = await LoadAsync(centre, fleet, cancellationToken);

        var began = Stopwatch.GetTimestamp();
        var before = fleet.Sent.Count;
        var minutes = Enumerable.Range(1, options.Hours * MinutesOfHour).Reverse();
        await fleet.SweepAsync(minutes.Select(minute => TimeSpan.FromMinutes(minute)), cancellationToken);
        var isHistoryRight = await HoldsAsync(centre, fleet, cancellationToken);
        var history = (fleet.Sent.Count - before) / Stopwatch.GetElapsedTime(began).TotalSeconds;

        var (filled, isFilledRight) = await LoadAsync(centre, fleet, cancellationToken);
        return new AgeReport
        {
            Leaves = options.Leaves,
            Batch = options.Batch,
            Hours = options.Hours,
            Storage = options.Run.Centre.Storage,
            Processes = options.Run.Centre.Processes,
            Empty = empty,
            Filled = filled,
            CpuRatio = Math.Round(filled.CpuUsPerPoint / empty.CpuUsPerPoint, 3),
            HistoryPointsPerSecond = Math.Round(history),
            DiskBytes = await centre.Storage.BytesAsync(cancellationToken),
            Correct = isEmptyRight && isHistoryRight && isFilledRight,
        };
    }

    private Task<bool> HoldsAsync(MeasuredCentre centre, LoadFleet fleet, CancellationToken cancellationToken) =>
        RootTotals.HoldAsync(centre.Channel, _span, fleet.Sent, cancellationToken);

    private async Task<(AgeStep Step, bool IsRight)> LoadAsync(MeasuredCentre centre, LoadFleet fleet, CancellationToken cancellationToken)
    {
        if (options.Run.Warmup > 0)
        {
            await fleet.RunAsync(TimeSpan.FromSeconds(options.Run.Warmup), cancellationToken);
            await HoldsAsync(centre, fleet, cancellationToken);
        }

        await centre.SettleAsync(cancellationToken);
        var cpu = centre.Cpu;
        var began = Stopwatch.GetTimestamp();
        var load = await fleet.RunAsync(TimeSpan.FromSeconds(options.Run.Seconds), cancellationToken);
        var isRight = await HoldsAsync(centre, fleet, cancellationToken);
        return (new AgeStep(
            Math.Round(load.Points / Stopwatch.GetElapsedTime(began).TotalSeconds),
            load.Acks.Percentile(0.99),
            Math.Round((centre.Cpu - cpu).Centre * 1e6 / load.Points, 3)), isRight);
    }
}
