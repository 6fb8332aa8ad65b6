using System.Text.Json.Nodes;
using Monitoring.Centres;
using Monitoring.Measuring;
using Monitoring.Reporting;

namespace Monitoring.Tree;

/// <summary>The tree workload, each run on empty storage.</summary>
internal sealed class TreeScenario(TreeOptions options)
{
    /// <summary>Does one run.</summary>
    /// <param name="options">What it does; the number of runs does not matter.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<TreeReport> MeasureAsync(TreeOptions options, CancellationToken cancellationToken)
    {
        await using var centre = await MeasuredCentre.StartAsync(options.Centre, cancellationToken);
        var emptyBytes = await centre.Storage.BytesAsync(cancellationToken);
        try
        {
            var (report, sent) = await MeasureLoadAsync(options, centre, cancellationToken);
            if (!report.Correct)
            {
                await Console.Error.WriteLineAsync(centre.Logs);
            }

            return options.Disk ? await MeasureDiskAsync(report, centre, emptyBytes, sent, cancellationToken) : report;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever went wrong, the processes may have said why, and their logs go with them.
            await Console.Error.WriteLineAsync(centre.Logs);
            throw;
        }
    }

    /// <summary>Does all runs and prints the report.</summary>
    /// <returns>0 when the totals are right, otherwise 1.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var reports = new List<JsonObject>();
        for (var run = 0; run < options.Runs; run++)
        {
            reports.Add((await MeasureAsync(options, cancellationToken)).Node);
        }

        var summary = RunSummary.Of(reports);
        Console.WriteLine(TreeTable.Of(options, summary));
        ReportFile.Append(options.JsonFile, summary);
        return summary["correct"]!.GetValue<bool>() ? 0 : 1;
    }

    private static async Task<(TreeReport Report, Totals Sent)> MeasureLoadAsync(TreeOptions options, MeasuredCentre centre, CancellationToken cancellationToken)
    {
        await using var run = await TreeRun.OpenAsync(options, centre, cancellationToken);
        await run.WarmUpAsync(cancellationToken);
        return (await run.MeasureAsync(cancellationToken), run.Sent);
    }

    private static async Task<TreeReport> MeasureDiskAsync(
        TreeReport report, MeasuredCentre centre, long emptyBytes, Totals sent, CancellationToken cancellationToken)
    {
        await centre.StopAsync(cancellationToken);
        var written = await centre.Storage.BytesAsync(cancellationToken);
        await centre.Storage.PackAsync(cancellationToken);
        var packed = await centre.Storage.BytesAsync(cancellationToken);
        return report with
        {
            DiskBytesPerPoint = Math.Round((double)(written - emptyBytes) / sent.Count, 2),
            PackedBytesPerPoint = Math.Round((double)(packed - emptyBytes) / sent.Count, 2),
        };
    }
}
