using System.Text.Json.Nodes;
using CsCheck;
using Monitoring.Reporting;

namespace Monitoring.Measuring;

public sealed class RunSummaryTests
{
    [Theory]
    [InlineData(new double[0], null)]
    [InlineData(new[] { 3.0 }, 3.0)]
    [InlineData(new[] { 9.0, 1.0, 4.0 }, 4.0)]
    [InlineData(new[] { 9.0, 1.0, 4.0, 2.0 }, 3.0)]
    public void Median_OfFigures_IsTheMiddle(double[] figures, double? median) => Assert.Equal(median, RunSummary.Median(figures));

    [Fact]
    public void Median_AnyFigures_HasAsManyBelowAsAbove() => Gen.Double[-1e6, 1e6].Array[1, 50].Sample(figures =>
    {
        var median = RunSummary.Median(figures);
        Assert.True(figures.Count(figure => figure < median) <= figures.Length / 2);
        Assert.True(figures.Count(figure => figure > median) <= figures.Length / 2);
    });

    [Fact]
    public void Of_SeveralRuns_HasMediansWithLeastAndGreatest()
    {
        var summary = RunSummary.Of(
        [
            Report("""{"leaves":10,"rate":5,"late":null,"storage":"sqlite","correct":true,"levels":[{"level":0,"ms":1}]}"""),
            Report("""{"leaves":10,"rate":7,"late":2.5,"storage":"sqlite","correct":true,"levels":[{"level":0,"ms":4}]}"""),
            Report("""{"leaves":10,"rate":6,"late":null,"storage":"sqlite","correct":true,"levels":[{"level":0,"ms":2}]}"""),
        ]);

        const string Expected =
            """
            {"leaves":10,"rate":6,"late":2.5,"storage":"sqlite","correct":true,"levels":[{"level":0,"ms":2,"min":{"ms":1},"max":{"ms":4}}],
            "min":{"rate":5},"max":{"rate":7},"runs":3}
            """;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Expected), JsonNode.Parse(summary.ToJsonString())), summary.ToJsonString());
    }

    [Fact]
    public void Of_OneWrongRun_IsWrong() =>
        Assert.False(RunSummary.Of([Report("""{"correct":true}"""), Report("""{"correct":false}""")])["correct"]!.GetValue<bool>());

    [Fact]
    public void Table_OfASummary_ShowsRangesAndLeavesOutWhatWasNotMeasured()
    {
        var summary = RunSummary.Of([Report("""{"a":1000,"b":null,"c":[{"ms_p50":1}],"correct":true}"""), Report("""{"a":3000,"b":null,"c":[{"ms_p50":3}],"correct":true}""")]);
        var lines = ReportText.Table("title", summary, [ReportRow.Of("first", "/s", "a"), ReportRow.Of("second", "s", "b"), ReportRow.Latency("third", "c/0/ms", "p50")])
            .Split('\n').Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

        Assert.Equal(["title", "first 2,000 /s (1,000 - 3,000)", "third 2.0 ms p50 (1.0 - 3.0)", "totals and alerts correct"], lines);
    }

    [Fact]
    public void Table_OfWrongTotals_SaysSo() => Assert.Contains("WRONG", ReportText.Table("title", Report("""{"correct":false}"""), []), StringComparison.Ordinal);

    [Fact]
    public void MetricsPage_SeveralLabels_AreSummed() =>
        Assert.Equal(17.5, MetricsPage.Parse("# TYPE a counter\na{result=\"x y\"} 10\na{result=\"z\"} 7.5\nab 3\n").Sum("a"));

    private static JsonObject Report(string json) => JsonNode.Parse(json)!.AsObject();
}
