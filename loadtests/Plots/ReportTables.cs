using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Monitoring.Reporting;

namespace Monitoring.Plots;

/// <summary>Writes reports of load tests as a page of Markdown: every figure with its range, and the charts. Pure.</summary>
internal static class ReportTables
{
    private const double Mebibyte = 1_048_576;

    private static readonly Column[] _load =
    [
        new("leaves", "leaves"), new("batch", "batch"), new("streams", "streams"), new("storage", "storage"), new("processes", "processes"),
    ];

    private static readonly Column[] _centre = [new("storage", "storage"), new("processes", "processes")];

    private static readonly (string Title, string Scenario, string Needs, Column[] Columns)[] _tables =
    [
        ("Tree: rate and cost", "tree", "points_per_second", [.. _load, .. RateColumns()]),
        ("Tree: latency of alerts, ms", "tree", "alert_load_ms_p50", [.. _load, .. AlertColumns()]),
        ("Tree: memory and disk", "tree", "disk_bytes_per_point", [.. _load, .. SizeColumns()]),
        ("Fan-in: rate and cost", "fan-in", "points_per_second", [.. _load, .. RateColumns()]),
        ("Fan-in: latency of alerts, ms", "fan-in", "alert_load_ms_p50", [.. _load, .. AlertColumns()]),
        ("Watchers", "watchers", "one/points_per_second",
        [
            new("watchers", "many/watchers"), new("slow", "slow"), .. _centre,
            new("points/s with 1", "one/points_per_second"), new("points/s with all", "many/points_per_second"),
            new("alert with 1, p50, ms", "one/alert_ms_p50", 1), new("p99", "one/alert_ms_p99", 1),
            new("alert with all, p50, ms", "many/alert_ms_p50", 1), new("p99", "many/alert_ms_p99", 1),
            new("at the last, p50, ms", "many/alert_last_ms_p50", 1), new("p99", "many/alert_last_ms_p99", 1),
        ]),
        ("Nodes", "nodes", "rss_bytes_per_node",
        [
            new("nodes", "nodes"), .. _centre,
            new("memory of a node, bytes", "rss_bytes_per_node"), new("heap alone", "heap_bytes_per_node"), new("all, MiB", "rss_bytes", 0, Mebibyte),
            new("new nodes/s", "created_per_second"), new("restart, s", "restart_seconds", 1), new("activations/s", "activated_per_second"),
            new("CPU of an activation, µs", "activation_cpu_us", 1), new("disk of a node, bytes", "disk_bytes_per_node"),
            new("empty actor, heap, bytes", "empty_bytes"), new("empty actors/s", "empty_activated_per_second"),
        ]),
        ("Age", "age", "cpu_ratio",
        [
            new("leaves", "leaves"), new("hours", "hours"), .. _centre,
            new("points/s, empty", "empty/points_applied_per_second"), new("filled", "filled/points_applied_per_second"),
            new("CPU of a point, µs, empty", "empty/cpu_us_per_point", 2), new("filled", "filled/cpu_us_per_point", 2), new("ratio", "cpu_ratio", 2),
        ]),
    ];

    /// <summary>The page.</summary>
    /// <param name="reports">All reports, in the order in which they are listed.</param>
    /// <param name="charts">Names of the charts beside it, with their titles.</param>
    public static string Page(IReadOnlyList<JsonObject> reports, IReadOnlyDictionary<string, Chart> charts)
    {
        var page = new StringBuilder("# Figures of the load tests\n\nMade by `loadtests plots`; what they mean is in [performance](../performance.md). "
            + "Where a load ran several times: the median, and the least and the greatest in parentheses.\n");
        foreach (var (title, scenario, needs, columns) in _tables)
        {
            JsonObject[] meant = [.. reports.Where(report => (string?)report["scenario"] == scenario && ReportFigure.Find(report, needs) is not null)];
            if (meant.Length > 0)
            {
                page.Append(CultureInfo.InvariantCulture, $"\n## {title}\n\n{Row(columns.Select(column => column.Title))}{Row(columns.Select(_ => "---"))}");
                page.AppendJoin(string.Empty, meant.Select(report => Row(columns.Select(column => column.Of(report)))));
            }
        }

        page.Append(CultureInfo.InvariantCulture, $"\n## Charts\n");
        foreach (var (name, chart) in charts)
        {
            page.Append(CultureInfo.InvariantCulture, $"\n![{chart.Title}]({name}.svg)\n");
        }

        return page.ToString();
    }

    private static Column[] RateColumns() =>
    [
        new("acknowledged/s", "points_per_second"), new("applied/s", "points_applied_per_second"),
        new("ack p50, ms", "ack_ms_p50", 1), new("p99", "ack_ms_p99", 1), new("p99.9", "ack_ms_p999", 1),
        new("CPU of a point, µs", "cpu_us_per_point", 2), new("CPU gateway, s", "cpu", 1), new("silo", "silo_cpu", 1),
        new("PostgreSQL", "database_cpu", 1), new("generator", "generator_cpu", 1),
    ];

    private static Column[] AlertColumns() =>
    [
        new("idle, p50", "alert_ms_p50", 1), new("p99", "alert_ms_p99", 1),
        new("50 % load, p50", "alert_load_ms_p50", 1), new("p99", "alert_load_ms_p99", 1),
        new("90 % load, p50", "alert_load_90_ms_p50", 1), new("p99", "alert_load_90_ms_p99", 1),
        new("leaf to root, 50 % load, p50", "propagation/4/ms_p50", 1), new("p99", "propagation/4/ms_p99", 1),
    ];

    private static Column[] SizeColumns() =>
    [
        new("gateway, MiB", "rss_bytes", 0, Mebibyte), new("silo", "silo_rss_bytes", 0, Mebibyte), new("PostgreSQL", "database_memory_bytes", 0, Mebibyte),
        new("disk, bytes of a point", "disk_bytes_per_point", 1), new("packed", "packed_bytes_per_point", 1),
    ];

    private static string Row(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |\n";

    /// <summary>A column of a table.</summary>
    /// <param name="Title">Its head.</param>
    /// <param name="Path">Name of its figure or text.</param>
    /// <param name="Decimals">Digits behind the point.</param>
    /// <param name="Scale">What a figure is divided by.</param>
    private sealed record Column(string Title, string Path, int Decimals = 0, double Scale = 1)
    {
        /// <summary>Its cell in the row of a report; empty for what was not measured.</summary>
        public string Of(JsonObject report)
        {
            if (report[Path] is JsonValue word && word.TryGetValue<string>(out var text))
            {
                return text;
            }

            return ReportFigure.Find(report, Path) is not { } figure
                ? string.Empty
                : ReportFigure.LeastOf(report, Path) is { } least && ReportFigure.GreatestOf(report, Path) is { } greatest
                    ? $"{Number(figure)} ({Number(least)} – {Number(greatest)})"
                    : Number(figure);
        }

        private string Number(double figure) => (figure / Scale).ToString($"N{Decimals}", CultureInfo.InvariantCulture);
    }
}
