using System.Globalization;
using System.Security;
using System.Text;

namespace Monitoring.Plots;

/// <summary>Draws a chart as SVG that can be read on a light and on a dark page.</summary>
internal static class SvgChart
{
    private const double Width = 720;
    private const double Height = 360;
    private const double Left = 64;
    private const double Right = 16;
    private const double Top = 64;
    private const double Bottom = 36;
    private const double TitleLine = 22;
    private const double LegendLine = 46;
    private const double LegendCharacter = 7;
    private const double LegendGap = 36;
    private const double GroupShare = 0.8;
    private const double PlotWidth = Width - Left - Right;
    private const double PlotHeight = Height - Top - Bottom;

    private static readonly string[] _colours = ["#2563eb", "#d97706", "#059669", "#9333ea", "#dc2626", "#0891b2"];
    private static readonly string[] _coloursInTheDark = ["#60a5fa", "#fbbf24", "#34d399", "#c084fc", "#f87171", "#22d3ee"];

    /// <summary>Draws it.</summary>
    public static string Draw(Chart chart)
    {
        var axis = ValueAxis.For(chart.Series.SelectMany(series => series.Values).Max(value => value?.Greatest) ?? 0);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{Escaped(chart.Title)}\">\n");
        svg.Append(Style());
        Text(svg, Left, TitleLine, "title", "start", chart.Title);
        DrawLegend(svg, chart);
        DrawAxes(svg, chart, axis);
        for (var series = 0; series < chart.Series.Count; series++)
        {
            if (chart.Kind == ChartKind.Bars)
            {
                DrawBars(svg, chart, axis, series);
            }
            else
            {
                DrawLine(svg, chart, axis, series);
            }
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static string Style()
    {
        var style = new StringBuilder("<style>\n");
        style.Append("text{font:12px system-ui,sans-serif;fill:#1f2937}.title{font-size:15px;font-weight:600}.value{font-size:10px}.grid{stroke:#d1d5db}.range{stroke:#1f2937}\n");
        Colours(_colours);
        style.Append("@media(prefers-color-scheme:dark){text{fill:#e5e7eb}.grid{stroke:#4b5563}.range{stroke:#e5e7eb}\n");
        Colours(_coloursInTheDark);
        return style.Append("}\n</style>\n").ToString();

        void Colours(string[] colours)
        {
            for (var index = 0; index < colours.Length; index++)
            {
                style.Append(CultureInfo.InvariantCulture, $".s{index}{{fill:{colours[index]}}}.l{index}{{stroke:{colours[index]};fill:none;stroke-width:2}}\n");
            }
        }
    }

    private static void DrawLegend(StringBuilder svg, Chart chart)
    {
        var at = Left;
        for (var index = 0; index < chart.Series.Count; index++)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"s{index}\" x=\"{at:0.#}\" y=\"{LegendLine - 10}\" width=\"12\" height=\"12\" rx=\"2\"/>");
            Text(svg, at + 18, LegendLine, string.Empty, "start", chart.Series[index].Name);
            at += (chart.Series[index].Name.Length * LegendCharacter) + LegendGap;
        }
    }

    private static void DrawAxes(StringBuilder svg, Chart chart, ValueAxis axis)
    {
        for (var line = 0; line <= axis.Lines; line++)
        {
            var y = Y(axis, line * axis.Step);
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{y:0.#}\" y2=\"{y:0.#}\"/>");
            Text(svg, Left - 8, y + 4, string.Empty, "end", ValueAxis.Text(line * axis.Step));
        }

        for (var category = 0; category < chart.Categories.Count; category++)
        {
            Text(svg, Middle(chart, category), Height - Bottom + 20, string.Empty, "middle", chart.Categories[category]);
        }
    }

    private static void DrawBars(StringBuilder svg, Chart chart, ValueAxis axis, int series)
    {
        var width = PlotWidth / chart.Categories.Count * GroupShare / chart.Series.Count;
        for (var category = 0; category < chart.Categories.Count; category++)
        {
            if (chart.Series[series].Values[category] is not { } value)
            {
                continue;
            }

            var left = Middle(chart, category) + (width * (series - (chart.Series.Count / 2.0)));
            var (x, y) = (left + (width / 2), Y(axis, value.Value));
            svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"s{series}\" x=\"{left + 1:0.#}\" y=\"{y:0.#}\" width=\"{width - 2:0.#}\" height=\"{Height - Bottom - y:0.#}\"/>\n");
            DrawRange(svg, axis, value, x);
            Text(svg, x, Y(axis, value.Greatest) - 5, "value", "middle", ValueAxis.Text(value.Value));
        }
    }

    private static void DrawLine(StringBuilder svg, Chart chart, ValueAxis axis, int series)
    {
        var points = new StringBuilder();
        for (var category = 0; category < chart.Categories.Count; category++)
        {
            if (chart.Series[series].Values[category] is not { } value)
            {
                continue;
            }

            var (x, y) = (Middle(chart, category), Y(axis, value.Value));
            points.Append(CultureInfo.InvariantCulture, $"{x:0.#},{y:0.#} ");
            svg.Append(CultureInfo.InvariantCulture, $"<circle class=\"s{series}\" cx=\"{x:0.#}\" cy=\"{y:0.#}\" r=\"3.5\"/>\n");
            DrawRange(svg, axis, value, x);
            Text(svg, x + 6, y - 6, "value", "start", ValueAxis.Text(value.Value));
        }

        svg.Append(CultureInfo.InvariantCulture, $"<polyline class=\"l{series}\" points=\"{points.ToString().TrimEnd()}\"/>\n");
    }

    private static void DrawRange(StringBuilder svg, ValueAxis axis, ChartValue value, double x)
    {
        if (value.Least < value.Greatest)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"range\" x1=\"{x:0.#}\" x2=\"{x:0.#}\" y1=\"{Y(axis, value.Least):0.#}\" y2=\"{Y(axis, value.Greatest):0.#}\"/>\n");
        }
    }

    private static double Middle(Chart chart, int category) => Left + (PlotWidth * (category + 0.5) / chart.Categories.Count);

    private static double Y(ValueAxis axis, double value) => Height - Bottom - (PlotHeight * value / axis.End);

    private static void Text(StringBuilder svg, double x, double y, string kind, string anchor, string text) => svg.Append(
        CultureInfo.InvariantCulture, $"<text class=\"{kind}\" x=\"{x:0.#}\" y=\"{y:0.#}\" text-anchor=\"{anchor}\">{Escaped(text)}</text>\n");

    private static string Escaped(string text) => SecurityElement.Escape(text);
}
