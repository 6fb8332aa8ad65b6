using System.Globalization;
using Monitoring.Reporting;

namespace Monitoring.Tree;

/// <summary>The tree workload's report as a person reads it.</summary>
internal static class TreeTable
{
    private const double Mebibyte = 1_048_576;

    /// <summary>What was done.</summary>
    public static string TitleOf(TreeOptions options) => string.Create(
        CultureInfo.InvariantCulture,
        $"{options.Scenario} of {options.Leaves} leaves and {options.Depth} levels, {options.Streams} stream(s), batches of {options.Batch}, "
        + $"{options.MorePeriods} more period(s), {options.Seconds} s after {options.Warmup} s, {options.Runs} run(s), {options.Centre.Storage}, {options.Centre.Processes}, "
        + $"{Environment.ProcessorCount} cores");

    /// <summary>Lines of the table.</summary>
    public static IReadOnlyList<ReportRow> RowsOf(TreeOptions options) =>
    [
        ReportRow.Of("points acknowledged", "/s", "points_per_second"),
        ReportRow.Of("points applied up to the root", "/s", "points_applied_per_second"),
        ReportRow.Latency("ack latency", "ack_ms", "p50", "p99", "p999"),
        ReportRow.Latency("alert latency, idle", "alert_ms", "p50", "p99"),
        ReportRow.Latency("alert latency, 50 % load", "alert_load_ms", "p50", "p99"),
        ReportRow.Latency("alert latency, 90 % load", "alert_load_90_ms", "p50", "p99"),
        ReportRow.Of("alerts missing", string.Empty, "alerts_missing"),
        .. Enumerable.Range(0, options.Depth).Select(level => ReportRow.Latency(
            string.Create(CultureInfo.InvariantCulture, $"{NameOf(level, options.Depth)}, {level} up, 50 % load"),
            string.Create(CultureInfo.InvariantCulture, $"propagation/{level}/ms"),
            "p50",
            "p99")),
        ReportRow.Of("root caught up after", "ms", "roll_up_ms"),
        ReportRow.Of("CPU, gateway", "s", "cpu", 1),
        ReportRow.Of("CPU, silo", "s", "silo_cpu", 1),
        ReportRow.Of("CPU, PostgreSQL", "s", "database_cpu", 1),
        ReportRow.Of("CPU, load generator", "s", "generator_cpu", 1),
        ReportRow.Of("CPU of a point", "us", "cpu_us_per_point", 2),
        ReportRow.Of("CPU of a point, load generator", "us", "generator_cpu_us_per_point", 3),
        ReportRow.Of("checkpoints during the load", string.Empty, "checkpoints"),
        ReportRow.Of("peak memory, gateway", "MiB", "rss_bytes", 0, Mebibyte),
        ReportRow.Of("peak memory, silo", "MiB", "silo_rss_bytes", 0, Mebibyte),
        ReportRow.Of("memory, PostgreSQL", "MiB", "database_memory_bytes", 0, Mebibyte),
        ReportRow.Of("disk, of a point", "bytes", "disk_bytes_per_point", 1),
        ReportRow.Of("disk, of a point, packed", "bytes", "packed_bytes_per_point", 1),
    ];

    private static string NameOf(int level, int depth) => level == 0 ? "leaf" : level == depth - 1 ? "root" : "level";
}
