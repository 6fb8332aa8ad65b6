using System.Text.Json.Nodes;

namespace Monitoring.Plots;

public sealed class ReportTablesTests
{
    [Fact]
    public void Page_OfReports_HasEveryFigureWithItsRangeAndTheCharts()
    {
        JsonObject[] reports =
        [
            JsonNode.Parse("""{"scenario":"age","leaves":1000,"hours":24,"storage":"sqlite","processes":"embedded","cpu_ratio":1.1,"empty":{"cpu_us_per_point":2,"min":{"cpu_us_per_point":1},"max":{"cpu_us_per_point":3}}}""")!.AsObject(),
        ];
        var page = ReportTables.Page(reports, new Dictionary<string, Chart>(StringComparer.Ordinal) { ["age"] = new("Age of all", ChartKind.Bars, [], []) });

        Assert.Contains("| 1,000 | 24 | sqlite | embedded |  |  | 2.00 (1.00 – 3.00) |  | 1.10 |", page, StringComparison.Ordinal);
        Assert.Contains("![Age of all](age.svg)", page, StringComparison.Ordinal);
        Assert.DoesNotContain("## Nodes", page, StringComparison.Ordinal);
    }
}
