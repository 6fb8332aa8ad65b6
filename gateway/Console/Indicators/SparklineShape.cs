using System.Globalization;
using System.Text;

namespace Monitoring.Gateway.Console.Indicators;

/// <summary>One drawn value.</summary>
/// <param name="Time">Milliseconds since 1970-01-01T00:00:00Z.</param>
/// <param name="Value">Null is a gap.</param>
public readonly record struct ChartPoint(long Time, double? Value);

/// <summary>A small line without axes, as SVG paths within a box.</summary>
/// <param name="Line">The line.</param>
/// <param name="Area">The area below it.</param>
/// <param name="Min">Smallest drawn value.</param>
/// <param name="Max">Greatest drawn value.</param>
internal sealed record SparklineShape(string Line, string Area, double Min, double Max)
{
    /// <summary>Draws values into a box; null with fewer than two of them.</summary>
    /// <param name="points">In order of time.</param>
    /// <param name="width">Width of the box, in pixels.</param>
    /// <param name="height">Height of the box, in pixels; a margin of 2 is kept above and below.</param>
    public static SparklineShape? Of(IReadOnlyList<ChartPoint> points, int width, int height)
    {
        var values = points.Where(point => point.Value is not null).ToList();
        if (values.Count < 2)
        {
            return null;
        }

        var (min, max) = (values.Min(point => point.Value!.Value), values.Max(point => point.Value!.Value));
        var (start, end) = (values[0].Time, values[^1].Time);
        var line = new StringBuilder();
        foreach (var point in values)
        {
            var x = end == start ? 0 : (double)(point.Time - start) / (end - start) * width;
            var y = max > min ? 2 + ((max - point.Value!.Value) / (max - min) * (height - 4)) : height / 2.0;
            line.Append(CultureInfo.InvariantCulture, $"{(line.Length == 0 ? 'M' : 'L')}{x:0.#} {y:0.#}");
        }

        var area = string.Create(CultureInfo.InvariantCulture, $"{line}L{width} {height}L0 {height}Z");
        return new(line.ToString(), area, min, max);
    }
}
