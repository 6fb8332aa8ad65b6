using System.Globalization;

namespace Monitoring.Measuring;

/// <summary>What a process has used so far, from <c>/proc</c>.</summary>
/// <param name="CpuSeconds">User and system time.</param>
/// <param name="PeakRssBytes">Largest resident set.</param>
internal readonly record struct ProcessUsage(double CpuSeconds, long PeakRssBytes)
{
    // Linux counts in hundredths of a second on every architecture that .NET runs on (USER_HZ).
    private const double TicksPerSecond = 100;
    private const int UserTimeField = 11;
    private const int SystemTimeField = 12;

    /// <summary>Reads it.</summary>
    public static ProcessUsage Of(int processId)
    {
        // The name in parentheses may hold spaces, so fields are counted behind it: "42 (dotnet) S 1 42 …".
        var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat"));
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var ticks = long.Parse(fields[UserTimeField], CultureInfo.InvariantCulture)
            + long.Parse(fields[SystemTimeField], CultureInfo.InvariantCulture);

        // "VmHWM:     123456 kB"
        var peak = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/status"))
            .First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        var kilobytes = long.Parse(peak.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        return new ProcessUsage(ticks / TicksPerSecond, kilobytes * 1_024);
    }
}
