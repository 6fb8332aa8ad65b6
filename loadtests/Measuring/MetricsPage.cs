using System.Globalization;

namespace Monitoring.Measuring;

/// <summary>A page of metrics in the text format of Prometheus.</summary>
internal sealed class MetricsPage
{
    private readonly Dictionary<string, double> _sums = new(StringComparer.Ordinal);

    /// <summary>Reads a page.</summary>
    public static MetricsPage Parse(string text)
    {
        var page = new MetricsPage();
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            // 'monitoring_points_total{result="accepted"} 17'; comments begin with '#'.
            var space = line.LastIndexOf(' ');
            if (space <= 0 || line[0] == '#')
            {
                continue;
            }

            var labels = line.IndexOf('{');
            var name = line[..(labels < 0 ? space : labels)].ToString();
            if (double.TryParse(line[(space + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
            {
                page._sums[name] = page._sums.GetValueOrDefault(name) + value;
            }
        }

        return page;
    }

    /// <summary>Sum of a metric over all its labels; 0 when there is none of that name.</summary>
    public double Sum(string name) => _sums.GetValueOrDefault(name);
}
