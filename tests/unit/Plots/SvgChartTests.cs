using System.Globalization;
using System.Xml.Linq;
using CsCheck;

namespace Monitoring.Plots;

public sealed class SvgChartTests
{
    private static readonly XNamespace _svg = "http://www.w3.org/2000/svg";

    private static readonly Chart _bars = new(
        "Points & <more>",
        ChartKind.Bars,
        ["1,000", "10,000"],
        [
            new ChartSeries("a", [new ChartValue(100, 80, 200), new ChartValue(50, 50, 50)]),
            new ChartSeries("b", [null, new ChartValue(25, 25, 25)]),
        ]);

    [Fact]
    public void Draw_Bars_AreAsHighAsTheirValues()
    {
        var svg = XDocument.Parse(SvgChart.Draw(_bars)).Root!;
        double[] heights = [.. Shapes(svg, "rect").Where(rect => rect.Attribute("rx") is null).Select(rect => Number(rect, "height"))];

        Assert.Equal(3, heights.Length); // What was not measured has no bar.
        Assert.Equal(heights[0], 2 * heights[1], 0.2);
        Assert.Equal(heights[1], 2 * heights[2], 0.2);
    }

    [Fact]
    public void Draw_SeveralRuns_ShowsTheirRangeAsALine()
    {
        var range = Assert.Single(Shapes(XDocument.Parse(SvgChart.Draw(_bars)).Root!, "line"), line => line.Attribute("class")!.Value == "range");
        var bar = Shapes(XDocument.Parse(SvgChart.Draw(_bars)).Root!, "rect").First(rect => rect.Attribute("rx") is null);

        Assert.Equal(Number(bar, "height") * 1.2, Number(range, "y1") - Number(range, "y2"), 0.2); // From 80 to 200, where the bar is 100.
    }

    [Fact]
    public void Draw_Lines_HaveAPointForEachValue()
    {
        var svg = XDocument.Parse(SvgChart.Draw(_bars with { Kind = ChartKind.Lines })).Root!;

        Assert.Equal([2, 1], Shapes(svg, "polyline").Select(line => line.Attribute("points")!.Value.Split(' ').Length));
        Assert.Equal(3, Shapes(svg, "circle").Count());
    }

    [Fact]
    public void Draw_AnyChart_SaysWhatItShowsInBothColourSchemes()
    {
        var text = SvgChart.Draw(_bars);
        var svg = XDocument.Parse(text).Root!;

        Assert.Equal(_bars.Title, svg.Attribute("aria-label")!.Value);
        string[] words = [.. Shapes(svg, "text").Select(element => element.Value)];
        Assert.All([_bars.Title, "a", "b", "1,000", "10,000", "100", "25"], word => Assert.Contains(word, words));
        Assert.Contains("prefers-color-scheme:dark", text, StringComparison.Ordinal);
    }

    [Fact]
    public void ValueAxis_AnyValue_IsReachedByFewRoundLines() => Gen.Double[1e-6, 1e9].Sample(greatest =>
    {
        var axis = ValueAxis.For(greatest);
        var leading = axis.Step / Math.Pow(10, Math.Floor(Math.Log10(axis.Step * 1.0000001)));

        Assert.True(axis.End >= greatest * (1 - 1e-6) && axis.End - axis.Step < greatest);
        Assert.InRange(axis.Lines, 2, 6);
        Assert.Contains(Math.Round(leading), (double[])[1, 2, 5]);
    });

    [Theory]
    [InlineData(1_593_000, "1.59 M")]
    [InlineData(999_600, "1 M")]
    [InlineData(337_000, "337 k")]
    [InlineData(999.6, "1 k")]
    [InlineData(12.34, "12.3")]
    [InlineData(0.351, "0.35")]
    [InlineData(0, "0")]
    public void ValueAxis_Text_IsShort(double value, string text) => Assert.Equal(text, ValueAxis.Text(value));

    private static IEnumerable<XElement> Shapes(XElement svg, string name) => svg.Elements(_svg + name);

    private static double Number(XElement shape, string attribute) => double.Parse(shape.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);
}
