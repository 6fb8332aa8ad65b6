using Monitoring.Centres;
using Monitoring.Reporting;

namespace Monitoring.Tree;

/// <summary>The tree workload, each run on empty storage.</summary>
internal sealed class TreeScenario(TreeOptions options)
{
    /// <summary>All runs that the options ask for.</summary>
    public Scenario Scenario => new(
        TreeTable.TitleOf(options),
        options.Runs,
        options.JsonFile,
        TreeTable.RowsOf(options),
        async cancellationToken => (await MeasureAsync(cancellationToken)).Node);

    /// <summary>Does all runs and prints the report.</summary>
    /// <returns>0 when the totals are right, otherwise 1.</returns>
    public Task<int> RunAsync(CancellationToken cancellationToken) => Scenario.RunAsync(cancellationToken);

    /// <summary>Does one run, however many the options ask for.</summary>
    public Task<TreeReport> MeasureAsync(CancellationToken cancellationToken) => MeasuredCentre.MeasureAsync(
        options.Centre, centre => MeasureAsync(centre, cancellationToken), report => report.Correct, cancellationToken);

    private async Task<TreeReport> MeasureAsync(MeasuredCentre centre, CancellationToken cancellationToken)
    {
        var emptyBytes = await centre.Storage.BytesAsync(cancellationToken);
        var report = await MeasureLoadAsync(centre, cancellationToken);
        return options.Disk ? await MeasureDiskAsync(report, centre, emptyBytes, cancellationToken) : report;
    }

    private async Task<TreeReport> MeasureLoadAsync(MeasuredCentre centre, CancellationToken cancellationToken)
    {
        await using var run = await TreeRun.OpenAsync(options, centre, cancellationToken);
        await run.WarmUpAsync(cancellationToken);
        return await run.MeasureAsync(cancellationToken);
    }

    private static async Task<TreeReport> MeasureDiskAsync(
        TreeReport report, MeasuredCentre centre, long emptyBytes, CancellationToken cancellationToken)
    {
        await centre.StopAsync(cancellationToken);
        var written = await centre.Storage.BytesAsync(cancellationToken);
        await centre.Storage.PackAsync(cancellationToken);
        var packed = await centre.Storage.BytesAsync(cancellationToken);
        return report with
        {
            DiskBytesPerPoint = Math.Round((double)(written - emptyBytes) / report.Sent.Count, 2),
            PackedBytesPerPoint = Math.Round((double)(packed - emptyBytes) / report.Sent.Count, 2),
        };
    }
}
