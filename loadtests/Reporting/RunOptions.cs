using System.Globalization;
using Monitoring.Centres;

namespace Monitoring.Reporting;

/// <summary>Options that every scenario has.</summary>
internal sealed record RunOptions
{
    public const string Usage = """
          --seconds N            length of a measured load (default 10)
          --warmup N             seconds of load before anything is measured, 0 for none (default 5, of age 20)
          --runs N               times the whole is done, each on empty storage; figures are medians (default 1)
          --json FILE            also append the line of JSON to a file

        """ + CentreSetup.Usage;

    private const int UsualWarmup = 5;

    /// <summary>Length of a measured load.</summary>
    public int Seconds { get; init; } = 10;

    /// <summary>Seconds of load before anything is measured.</summary>
    public int Warmup { get; init; } = UsualWarmup;

    /// <summary>How often the whole is done.</summary>
    public int Runs { get; init; } = 1;

    /// <summary>File to which the line of JSON is appended; empty for none.</summary>
    public string JsonFile { get; init; } = string.Empty;

    /// <summary>What it runs against.</summary>
    public CentreSetup Centre { get; init; } = new();

    /// <summary>How it is run, for a person.</summary>
    public string Words =>
        string.Create(CultureInfo.InvariantCulture, $"{Seconds} s after {Warmup} s, {Runs} run(s), {Centre.Storage}, {Centre.Processes}");

    /// <summary>Takes them.</summary>
    /// <param name="line">What was given.</param>
    /// <param name="warmup">Seconds of load before anything is measured, unless the line says otherwise.</param>
    /// <exception cref="UsageException">One is out of range.</exception>
    public static RunOptions Take(CommandLine line, int warmup = UsualWarmup) => new()
    {
        Seconds = line.Take("--seconds", 10, 1, 3_600),
        Warmup = line.Take("--warmup", warmup, 0, 3_600),
        Runs = line.Take("--runs", 1, 1, 100),
        JsonFile = line.TakeText("--json"),
        Centre = CentreSetup.Take(line),
    };
}
