using System.Globalization;
using System.Text.Json.Nodes;
using Monitoring.Age;
using Monitoring.Centres;
using Monitoring.Measuring;
using Monitoring.Nodes;
using Monitoring.Reporting;
using Monitoring.Tree;
using Monitoring.Watchers;

namespace Monitoring.All;

/// <summary>Every scenario that measures speed, one after the other, and a table of all at the end.</summary>
internal sealed class AllScenarios(AllOptions options)
{
    private static readonly CentreSetup[] _centres =
    [
        new(),
        new() { Storage = "postgresql" },
        new() { Storage = "postgresql", Processes = "separate" },
    ];

    /// <summary>Runs them; one that fails does not keep the others from running.</summary>
    /// <returns>0 when all were right, otherwise 1.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        File.Delete(options.JsonFile);
        var lines = new List<string>();
        var failures = 0;
        foreach (var scenario in Scenarios())
        {
            try
            {
                var report = await scenario.ReportAsync(cancellationToken);
                failures += RunSummary.IsCorrect(report) ? 0 : 1;
                lines.Add($"{LineOf(report)} | {scenario.Title}");
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                // Whatever it was, the others can still be measured.
                failures++;
                lines.Add($"{"FAILED",-60} | {scenario.Title}: {failure.Message}");
                await Console.Error.WriteLineAsync(failure.ToString());
            }
        }

        Console.WriteLine($"{"points/s",12} | {"ack p99, ms",11} | {"alert p99 at 50 %, ms",21} | totals  | scenario");
        lines.ForEach(Console.WriteLine);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{lines.Count} scenarios, {failures} wrong or failed; reports are in {options.JsonFile}"));
        return failures == 0 ? 0 : 1;
    }

    private static string LineOf(JsonObject report)
    {
        var points = First("points_applied_per_second", "many/points_per_second", "filled/points_applied_per_second");
        var ack = First("ack_ms_p99", "filled/ack_ms_p99");
        var alert = First("alert_load_ms_p99", "many/alert_ms_p99");
        var verdict = RunSummary.IsCorrect(report) ? "correct" : "WRONG";
        return string.Create(CultureInfo.InvariantCulture, $"{points,12:N0} | {ack,11:N1} | {alert,21:N1} | {verdict,-7}");

        double? First(params string[] paths) => paths.Select(path => ReportFigure.Find(report, path)).FirstOrDefault(figure => figure is not null);
    }

    private IEnumerable<Scenario> Scenarios()
    {
        CentreSetup[] centres = [.. _centres.Where(centre => options.Storage.Length == 0 || centre.Storage == options.Storage)];
        CentreSetup[] embedded = [.. centres.Where(centre => !centre.IsSeparate)];
        var isQuick = options.Extent == Extent.Quick;
        var trees = TreeMatrix.Of(options.Extent, centres).Select(tree => new TreeScenario(tree with { Runs = options.Runs }).Scenario);
        var fanIns = from centre in embedded
                     from children in isQuick ? (int[])[10_000] : [10_000, 100_000]
                     select new TreeScenario(new TreeOptions
                     {
                         Scenario = "fan-in",
                         Leaves = children,
                         Depth = TreeShape.LeastDepth,
                         Seconds = isQuick ? 5 : 15,
                         Alerts = isQuick ? 20 : 100,
                         AlertLoad = true,
                         Runs = options.Runs,
                         Centre = centre,
                     }).Scenario;
        var others = embedded.SelectMany(centre => Others(
            new RunOptions { Seconds = isQuick ? 5 : 10, Runs = options.Runs, Centre = centre }, isQuick));
        return trees.Concat(fanIns).Concat(others).Select(scenario => scenario with { JsonFile = options.JsonFile });
    }

    private static IEnumerable<Scenario> Others(RunOptions run, bool isQuick) =>
    [
        new WatchersScenario(new WatcherOptions { Run = run, Alerts = isQuick ? 30 : 100 }).Scenario,
        new NodesScenario(new NodesOptions { Run = run, Nodes = isQuick ? 50_000 : 1_000_000 }).Scenario,
        new AgeScenario(new AgeOptions { Run = run with { Warmup = AgeOptions.UsualWarmup }, Hours = isQuick ? 4 : 24 }).Scenario,
    ];
}
