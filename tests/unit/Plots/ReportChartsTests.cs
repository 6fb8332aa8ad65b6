using System.Text.Json.Nodes;

namespace Monitoring.Plots;

public sealed class ReportChartsTests
{
    [Fact]
    public void Of_ReportsOfTheTree_ComparesWhatDiffersInOneFigureOnly()
    {
        var charts = ReportCharts.Of(
        [
            Tree(leaves: 10_000, batch: 1_000, streams: 1, points: 300),
            Tree(leaves: 1_000, batch: 1_000, streams: 1, points: 1_600),
            Tree(leaves: 10_000, batch: 10, streams: 1, points: 20),
            Tree(leaves: 10_000, batch: 10, streams: 32, points: 99),
            Tree(leaves: 10_000, batch: 1_000, streams: 1, points: 200, "postgresql"),
        ]);

        AssertChart(charts["tree-leaves"], ["1,000", "10,000"], [1_600, 300], [null, 200]);
        AssertChart(charts["tree-batch"], ["10", "1,000"], [20, 300], [null, 200]);
        AssertChart(charts["tree-streams"], ["1"], [300], [200]);
        Assert.DoesNotContain("fan-in", charts.Keys);
    }

    [Fact]
    public void Of_TheSameMeasuredAgain_ShowsTheLast()
    {
        var charts = ReportCharts.Of([Tree(1_000, 1_000, 1, 5), Tree(1_000, 1_000, 1, 7)]);

        AssertChart(charts["tree-leaves"], ["1,000"], [7]);
    }

    [Fact]
    public void Of_Propagation_HasOneCategoryForEachLevelWithItsRange()
    {
        var report = Tree(10_000, 1_000, 1, 5);
        report["propagation"] = JsonNode.Parse("""[{"level":0,"ms_p99":1},{"level":1,"ms_p99":2},{"level":2,"ms_p99":4,"min":{"ms_p99":3},"max":{"ms_p99":9}}]""");
        var chart = ReportCharts.Of([report])["propagation"];

        Assert.Equal(ChartKind.Lines, chart.Kind);
        Assert.Equal(["leaf", "1 up", "root"], chart.Categories);
        Assert.Equal(new ChartValue(4, 3, 9), chart.Series[0].Values[2]);
    }

    private static void AssertChart(Chart chart, string[] categories, params double?[][] series)
    {
        Assert.Equal(categories, chart.Categories);
        Assert.Equal(series, chart.Series.Select(values => values.Values.Select(value => value?.Value).ToArray()));
    }

    private static JsonObject Tree(int leaves, int batch, int streams, double points, string storage = "sqlite") => new()
    {
        ["scenario"] = "tree",
        ["leaves"] = leaves,
        ["batch"] = batch,
        ["streams"] = streams,
        ["storage"] = storage,
        ["processes"] = "embedded",
        ["points_applied_per_second"] = points,
    };
}
