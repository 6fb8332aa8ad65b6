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

    /// <summary>A report as an object of JSON.</summary>
    public static JsonObject NodeOf<TReport>(TReport report) => JsonSerializer.SerializeToNode(report, Json)!.AsObject();

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

        return text.Append(CultureInfo.InvariantCulture, $"\n  {"totals and alerts",-32}{(RunSummary.IsCorrect(report) ? "correct" : "WRONG"),12}").ToString();
    }

    private static string? Cell(JsonObject report, ReportRow row, (string Name, string Title) field)
    {
        if (ReportFigure.Find(report, field.Name) is not { } figure)
        {
            return null;
        }

        var (least, greatest) = (ReportFigure.LeastOf(report, field.Name), ReportFigure.GreatestOf(report, field.Name));
        var range = least is null || greatest is null ? string.Empty : $" ({Text(least.Value)} - {Text(greatest.Value)})";
        return $"{Text(figure),12} {row.Unit}{(field.Title.Length > 0 ? " " : string.Empty)}{field.Title}{range}";

        string Text(double value) => (value / row.Scale).ToString($"N{row.Decimals}", CultureInfo.InvariantCulture);
    }
}
