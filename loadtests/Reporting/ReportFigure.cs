using System.Globalization;
using System.Text.Json.Nodes;
using Monitoring.Measuring;

namespace Monitoring.Reporting;

/// <summary>Figures of a report by their name, behind the place of the object they are in: <c>propagation/4/ms_p99</c>.</summary>
internal static class ReportFigure
{
    /// <summary>A figure; null when it was not measured.</summary>
    public static double? Find(JsonObject report, string path) => Find(report, path, of: null);

    /// <summary>The least of several runs; null when all were equal.</summary>
    public static double? LeastOf(JsonObject report, string path) => Find(report, path, RunSummary.Least);

    /// <summary>The greatest of several runs; null when all were equal.</summary>
    public static double? GreatestOf(JsonObject report, string path) => Find(report, path, RunSummary.Greatest);

    private static double? Find(JsonNode report, string path, string? of)
    {
        var node = report;
        var parts = path.Split('/');
        foreach (var part in parts[..^1])
        {
            node = node is JsonArray array ? array.ElementAtOrDefault(int.Parse(part, CultureInfo.InvariantCulture)) : node?[part];
        }

        node = of is null ? node : node?[of];
        return node?[parts[^1]] is JsonValue value ? value.GetValue<double>() : null;
    }
}
