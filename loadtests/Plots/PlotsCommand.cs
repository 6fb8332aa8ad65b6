using Monitoring.Reporting;

namespace Monitoring.Plots;

/// <summary>Draws charts, and writes a page with tables, of the reports that were written by <c>--json</c>.</summary>
internal sealed class PlotsCommand(string reports, string folder)
{
    public const string Usage = """
        usage: loadtests plots [options]
          --json FILE            reports of load tests, one on each line (default load-reports.jsonl)
          --out FOLDER           where the charts go (default docs/plots)
        """;

    /// <summary>Reads the options.</summary>
    /// <exception cref="UsageException">One is unknown, or there is no such file.</exception>
    public static PlotsCommand Parse(string[] arguments)
    {
        var line = new CommandLine(arguments, new HashSet<string>(StringComparer.Ordinal));
        var (reports, folder) = (line.TakeText("--json"), line.TakeText("--out"));
        line.Done();
        reports = reports.Length > 0 ? reports : ReportFile.UsualPath;
        return File.Exists(reports)
            ? new PlotsCommand(reports, folder.Length > 0 ? folder : Path.Combine("docs", "plots"))
            : throw new UsageException($"there is no file '{reports}'; make it with 'loadtests all'");
    }

    /// <summary>Draws all charts for which there are figures, and writes a page with all figures and charts.</summary>
    public int Run()
    {
        Directory.CreateDirectory(folder);
        var found = ReportFile.Read(reports);
        var charts = ReportCharts.Of(found);
        foreach (var (name, chart) in charts)
        {
            Write($"{name}.svg", SvgChart.Draw(chart));
        }

        Write("README.md", ReportTables.Page(found, charts));
        return 0;
    }

    private void Write(string name, string text)
    {
        var file = Path.Combine(folder, name);
        File.WriteAllText(file, text);
        Console.WriteLine(file);
    }
}
