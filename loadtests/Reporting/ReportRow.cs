namespace Monitoring.Reporting;

/// <summary>One line of a report's table.</summary>
/// <param name="Label">What it says.</param>
/// <param name="Unit">Unit of its figures.</param>
/// <param name="Scale">What a figure of the report is divided by.</param>
/// <param name="Decimals">Digits behind the point.</param>
/// <param name="Fields">Names in the JSON, each with what it is called in the table; empty for the only one.</param>
internal sealed record ReportRow(string Label, string Unit, double Scale, int Decimals, params (string Name, string Title)[] Fields)
{
    /// <summary>A line with one figure.</summary>
    public static ReportRow Of(string label, string unit, string field, int decimals = 0, double scale = 1) =>
        new(label, unit, scale, decimals, (field, string.Empty));

    /// <summary>A line with percentiles of a latency in milliseconds, whose fields end with them: <c>ack_ms_p50</c>.</summary>
    public static ReportRow Latency(string label, string field, params string[] percentiles) =>
        new(label, "ms", 1, 1, [.. percentiles.Select(percentile => ($"{field}_{percentile}", percentile == "p999" ? "p99.9" : percentile))]);
}
