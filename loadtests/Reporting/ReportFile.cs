using System.Text.Json.Nodes;

namespace Monitoring.Reporting;

/// <summary>A file with one report on each line.</summary>
internal static class ReportFile
{
    /// <summary>Where reports go unless another file is named.</summary>
    public const string UsualPath = "load-reports.jsonl";

    /// <summary>Adds a report.</summary>
    /// <param name="path">The file; empty for none.</param>
    /// <param name="report">What is added.</param>
    public static void Append(string path, JsonObject report)
    {
        if (path.Length > 0)
        {
            File.AppendAllText(path, report.ToJsonString(ReportText.Json) + Environment.NewLine);
        }
    }

    /// <summary>All reports of a file.</summary>
    public static IReadOnlyList<JsonObject> Read(string path) =>
        [.. File.ReadLines(path).Where(line => line.Length > 0).Select(line => JsonNode.Parse(line)!.AsObject())];
}
