using System.Globalization;
using System.Text.Json.Nodes;
using Monitoring.Reporting;

namespace Monitoring.Plots;

/// <summary>Which charts are made of the reports of load tests. Pure.</summary>
internal static class ReportCharts
{
    private const string Tree = "tree";
    private const string Applied = "points_applied_per_second";
    private const int UsualLeaves = 10_000;
    private const int UsualBatch = 1_000;

    private static readonly (string Name, string Storage, string Processes)[] _centres =
    [
        ("SQLite, one process", "sqlite", "embedded"),
        ("PostgreSQL, one process", "postgresql", "embedded"),
        ("PostgreSQL, silo and gateway", "postgresql", "separate"),
    ];

    /// <summary>Charts by the name of their file; those without a value are left out. Of equal reports the last counts.</summary>
    public static IReadOnlyDictionary<string, Chart> Of(IReadOnlyList<JsonObject> reports)
    {
        var charts = new Dictionary<string, Chart>(StringComparer.Ordinal)
        {
            ["tree-leaves"] = OfTree("Points per second applied up to the root, by leaves (batches of 1,000)", "leaves", Applied),
            ["tree-batch"] = OfTree("Points per second applied up to the root, by batch (10,000 leaves)", "batch", Applied),
            ["tree-streams"] = OfTree("Points per second applied up to the root, by streams (10,000 leaves)", "streams", Applied),
            ["tree-cpu"] = OfTree("CPU time of a point, microseconds, by leaves", "leaves", "cpu_us_per_point"),
            ["tree-disk"] = OfTree("Bytes of a point on the disk, packed, by leaves", "leaves", "packed_bytes_per_point"),
            ["alerts"] = ByField(
                "Alert latency, p99, milliseconds (10,000 leaves)",
                ChartKind.Bars,
                IsUsual(),
                [("idle", "alert_ms_p99"), ("50 % load", "alert_load_ms_p99"), ("90 % load", "alert_load_90_ms_p99")]),
            ["propagation"] = ByField(
                "From a leaf to each level, p99 at 50 % load, milliseconds (10,000 leaves)", ChartKind.Lines, IsUsual(), Levels()),
            ["fan-in"] = ByFigure("Points per second applied, all leaves below one parent, by leaves", "fan-in", "leaves", Applied, _ => true),
            ["watchers"] = ByFields(
                "Points per second with few and many watchers", "watchers", ("1", "one/points_per_second"), ("all", "many/points_per_second")),
            ["age"] = ByFields(
                "CPU time of a point on empty storage and after a history, microseconds",
                "age",
                ("empty", "empty/cpu_us_per_point"),
                ("filled", "filled/cpu_us_per_point")),
        };
        return charts.Where(chart => !chart.Value.IsEmpty).ToDictionary(StringComparer.Ordinal);

        Chart OfTree(string title, string category, string field) => ByFigure(title, Tree, category, field, IsUsual(category));

        Chart ByFigure(string title, string scenario, string category, string field, Func<JsonObject, bool> isMeant)
        {
            JsonObject[] meant = [.. reports.Where(report => Is(report, "scenario", scenario) && isMeant(report))];
            int[] categories = [.. meant.Select(report => report[category]!.GetValue<int>()).Distinct().Order()];
            return new Chart(
                title,
                ChartKind.Bars,
                [.. categories.Select(value => value.ToString("N0", CultureInfo.InvariantCulture))],
                SeriesOf(categories.Length, (centre, at) => Value(
                    meant.LastOrDefault(report => IsAt(report, centre) && report[category]!.GetValue<int>() == categories[at]), field)));
        }

        Chart ByFields(string title, string scenario, params (string Name, string Field)[] fields) =>
            ByField(title, ChartKind.Bars, report => Is(report, "scenario", scenario), fields);

        Chart ByField(string title, ChartKind kind, Func<JsonObject, bool> isMeant, (string Name, string Field)[] fields) => new(
            title,
            kind,
            [.. fields.Select(field => field.Name)],
            SeriesOf(fields.Length, (centre, at) => Value(
                reports.LastOrDefault(report => IsAt(report, centre) && isMeant(report)), fields[at].Field)));

        (string Name, string Field)[] Levels()
        {
            var depth = reports.LastOrDefault(IsUsual())?["propagation"]?.AsArray().Count ?? 0;
            return [.. Enumerable.Range(0, depth).Select(level => (
                level == 0 ? "leaf" : level == depth - 1 ? "root" : string.Create(CultureInfo.InvariantCulture, $"{level} up"),
                string.Create(CultureInfo.InvariantCulture, $"propagation/{level}/ms_p99")))];
        }
    }

    private static ChartSeries[] SeriesOf(int categories, Func<(string Name, string Storage, string Processes), int, ChartValue?> valueOf) =>
    [
        .. _centres
            .Select(centre => new ChartSeries(centre.Name, [.. Enumerable.Range(0, categories).Select(at => valueOf(centre, at))]))
            .Where(series => series.Values.Any(value => value is not null)),
    ];

    /// <summary>Whether a report of the tree is of the usual load, but for one figure.</summary>
    private static Func<JsonObject, bool> IsUsual(string but = "") => report =>
        Is(report, "scenario", Tree)
        && (but == "leaves" || report["leaves"]!.GetValue<int>() == UsualLeaves)
        && (but == "batch" || report["batch"]!.GetValue<int>() == UsualBatch)
        && (but == "streams" || report["streams"]!.GetValue<int>() == 1);

    private static bool IsAt(JsonObject report, (string Name, string Storage, string Processes) centre) =>
        Is(report, "storage", centre.Storage) && Is(report, "processes", centre.Processes);

    private static bool Is(JsonObject report, string field, string value) => report[field]?.GetValue<string>() == value;

    private static ChartValue? Value(JsonObject? report, string field) => report is null || ReportFigure.Find(report, field) is not { } value
        ? null
        : new ChartValue(value, ReportFigure.LeastOf(report, field) ?? value, ReportFigure.GreatestOf(report, field) ?? value);
}
