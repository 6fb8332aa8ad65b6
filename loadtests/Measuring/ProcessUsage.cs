using System.Globalization;
using Monitoring.Processes;

namespace Monitoring.Measuring;

/// <summary>What a process has used so far, from <c>/proc</c>.</summary>
/// <param name="CpuSeconds">User and system time.</param>
/// <param name="PeakRssBytes">Largest resident set.</param>
internal readonly record struct ProcessUsage(double CpuSeconds, long PeakRssBytes)
{
    // Linux counts in hundredths of a second on every architecture that .NET runs on (USER_HZ).
    private const double TicksPerSecond = 100;
    private const int UserTimeField = 11;
    private const int OwnTimeFields = 2;
    private const int TimeFieldsWithChildren = 4;
    private const int BytesOfKibibyte = 1_024;

    /// <summary>Reads it.</summary>
    /// <exception cref="IOException">There is no such process.</exception>
    public static ProcessUsage Of(int processId) =>
        new(CpuSecondsOf(processId, OwnTimeFields), KibibytesOf(processId, "status", "VmHWM:") * BytesOfKibibyte);

    /// <summary>Resident set now, in bytes.</summary>
    public static long ResidentBytesOf(int processId) => KibibytesOf(processId, "status", "VmRSS:") * BytesOfKibibyte;

    /// <summary>CPU time of a process and of all that it ever started, those that have ended included, in seconds.</summary>
    public static double CpuSecondsOfFamily(int processId) =>
        CpuSecondsOf(processId, TimeFieldsWithChildren)
        + ChildProcesses.Of(processId).Sum(child => OrZero(() => CpuSecondsOf(child, TimeFieldsWithChildren)));

    /// <summary>Memory of a process and those it started, in bytes; what they share counts once.</summary>
    public static long BytesOfFamily(int processId) =>
        (long)ChildProcesses.Of(processId).Append(processId).Sum(id => OrZero(() => KibibytesOf(id, "smaps_rollup", "Pss:"))) * BytesOfKibibyte;

    private static double CpuSecondsOf(int processId, int fieldCount)
    {
        // The name in parentheses may hold spaces, so fields are counted behind it: "42 (dotnet) S 1 42 …".
        var stat = File.ReadAllText(PathOf(processId, "stat"));
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields.AsSpan(UserTimeField, fieldCount).ToArray().Sum(ticks => long.Parse(ticks, CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    private static long KibibytesOf(int processId, string file, string label)
    {
        // "VmHWM:     123456 kB"
        var line = File.ReadLines(PathOf(processId, file)).First(line => line.StartsWith(label, StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    private static string PathOf(int processId, string file) => string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/{file}");

    private static double OrZero(Func<double> read)
    {
        try
        {
            return read();
        }
        catch (IOException)
        {
            return 0; // It has just ended, and its time has gone to its parent.
        }
    }
}
