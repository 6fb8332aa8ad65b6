using System.Text.Json.Nodes;
using Monitoring.Measuring;

namespace Monitoring.Reporting;

/// <summary>A load that is done one or several times, each on empty storage, and reported once.</summary>
/// <param name="Title">What it does, for a person.</param>
/// <param name="Runs">How often it is done.</param>
/// <param name="JsonFile">File to which the report is appended; empty for none.</param>
/// <param name="Rows">Lines of the table.</param>
/// <param name="MeasureAsync">Does it once and returns its report, in which <c>correct</c> says whether all totals were as expected.</param>
internal sealed record Scenario(
    string Title, int Runs, string JsonFile, IReadOnlyList<ReportRow> Rows, Func<CancellationToken, Task<JsonObject>> MeasureAsync)
{
    /// <summary>Does all runs, prints the table and one line of JSON, and appends that to the file.</summary>
    /// <returns>0 when all totals were right, otherwise 1.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken) => RunSummary.IsCorrect(await ReportAsync(cancellationToken)) ? 0 : 1;

    /// <summary>The same.</summary>
    /// <returns>The report.</returns>
    public async Task<JsonObject> ReportAsync(CancellationToken cancellationToken)
    {
        var reports = new List<JsonObject>();
        for (var run = 0; run < Runs; run++)
        {
            reports.Add(await MeasureAsync(cancellationToken));
        }

        var summary = RunSummary.Of(reports);
        Console.WriteLine(ReportText.Table(Title, summary, Rows));
        Console.WriteLine(summary.ToJsonString(ReportText.Json));
        ReportFile.Append(JsonFile, summary);
        return summary;
    }
}
