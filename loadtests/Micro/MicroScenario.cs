using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Order;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;
using Perfolizer.Metrology;

namespace Monitoring.Micro;

/// <summary>Time and allocation of each piece of the way of a point, by BenchmarkDotNet.</summary>
internal static class MicroScenario
{
    public const string Usage = """
        usage: loadtests micro [options of BenchmarkDotNet]
          --filter PATTERN       which benchmarks, such as '*Pump*' (default '*')
          --list flat            names them
          --job dry              another job than the short one of this program, such as dry, short or medium
          --artifacts FOLDER     where reports go (default: monitoring-micro in the temporary folder)
        """;

    /// <summary>Runs benchmarks; returns the exit code.</summary>
    public static int Run(string[] options, CancellationToken cancellationToken)
    {
        // BenchmarkDotNet cannot be told to stop.
        using var registration = cancellationToken.Register(() => Environment.Exit(130));
        string[] arguments = HasAny(options, "--filter", "-f") ? options : [.. options, "--filter", "*"];
        var switcher = BenchmarkSwitcher.FromAssembly(typeof(MicroScenario).Assembly);
        var summaries = (HasAny(options, "--job", "-j")
            ? switcher.Run([.. arguments, "--inProcess"], Config())
            : switcher.Run(arguments, Config().AddJob(ShortJob))).ToList();
        var isRun = !HasAny(options, "--list", "--help", "--info", "--version");
        return (summaries.Count > 0 || !isRun) && summaries.All(IsGood) ? 0 : 1;
    }

    /// <summary>
    /// Short, so that all benchmarks take minutes on two cores; and in this process, since one that BenchmarkDotNet builds itself would need
    /// a restore and the warnings of this repository switched off.
    /// </summary>
    private static Job ShortJob => Job.Default
        .WithToolchain(InProcessEmitToolchain.Instance)
        .WithWarmupCount(2)
        .WithIterationCount(5)
        .WithIterationTime(TimeInterval.FromMilliseconds(100))
        .WithId("micro")
        .AsDefault();

    private static ManualConfig Config() => ManualConfig.CreateEmpty()
        .AddColumnProvider(DefaultColumnProviders.Instance)
        .AddDiagnoser(MemoryDiagnoser.Default)
        .AddExporter(MarkdownExporter.GitHub)
        .AddLogger(ConsoleLogger.Default)
        .WithOrderer(new DefaultOrderer(SummaryOrderPolicy.Declared))
        .AddColumn(StatisticColumn.Min)
        .HideColumns(Column.Error, Column.StdDev, Column.Median, Column.Gen0, Column.Gen1, Column.Gen2)
        .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "monitoring-micro"))
        .WithOptions(ConfigOptions.JoinSummary)
        .WithSummaryStyle(SummaryStyle.Default.WithTimeUnit(TimeUnit.Nanosecond).WithSizeUnit(SizeUnit.B));

    private static bool HasAny(string[] options, params string[] names) =>
        options.Any(option => names.Any(name => option == name || option.StartsWith(name + '=', StringComparison.Ordinal)));

    private static bool IsGood(Summary summary) =>
        !summary.HasCriticalValidationErrors && summary.Reports.All(report => report.Success);
}
