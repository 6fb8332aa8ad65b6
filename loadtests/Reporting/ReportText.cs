using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Monitoring.Measuring;

namespace Monitoring.Reporting;

/// <summary>Writes a report as a table for a person and as one line of JSON for a program.</summary>
internal static class ReportText
{
    /// <summary>How reports are written as JSON.</summary>
    public static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // It goes to a terminal: "1.0.0+c90b" may stay as it is.
    };

    /// <summary>A table; figures that were not measured are left out. Of several runs it shows the median, the least and the greatest.</summary>
    public static string Table(string title, JsonObject report, IEnumerable<ReportRow> rows)
    {
        var text = new StringBuilder(title);
        foreach (var row in rows)
        {
            string[] cells = [.. row.Fields.Select(field => Cell(report, row, field)).OfType<string>()];
            if (cells.Length > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"\n  {row.Label,-32}{string.Join(' ', cells)}");
            }
        }

        var isCorrect = report["correct"]?.GetValue<bool>() ?? false;
        return text.Append(CultureInfo.InvariantCulture, $"\n  {"totals and alerts",-32}{(isCorrect ? "correct" : "WRONG"),12}").ToString();
    }

    private static string? Cell(JsonObject report, ReportRow row, (string Name, string Title) field)
    {
        if (Figure(report, field.Name) is not { } figure)
        {
            return null;
        }

        var range = Figure(report, field.Name, RunSummary.Least) is { } least && Figure(report, field.Name, RunSummary.Greatest) is { } greatest
            ? $" ({Text(least)} - {Text(greatest)})"
            : string.Empty;
        return $"{Text(figure),12} {row.Unit}{(field.Title.Length > 0 ? " " : string.Empty)}{field.Title}{range}";

        string Text(double value) => (value / row.Scale).ToString($"N{row.Decimals}", CultureInfo.InvariantCulture);
    }

    /// <summary>A figure of a report.</summary>
    /// <param name="report">The report.</param>
    /// <param name="path">Its name, behind the place of the object it is in: <c>propagation/4/ms_p99</c>.</param>
    /// <param name="of">Name of an object beside it that has the figure of the same name; null for the figure itself.</param>
    private static double? Figure(JsonNode report, string path, string? of = null)
    {
        JsonNode? node = report;
        var parts = path.Split('/');
        foreach (var part in parts[..^1])
        {
            node = node is JsonArray array ? array.ElementAtOrDefault(int.Parse(part, CultureInfo.InvariantCulture)) : node?[part];
        }

        node = of is null ? node : node?[of];
        return node?[parts[^1]] is JsonValue value ? value.GetValue<double>() : null;
    }
}
