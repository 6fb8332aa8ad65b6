using System.Diagnostics;

namespace Monitoring.Chaos.Network;

/// <summary>Runs the system's tools for networks.</summary>
internal static class IpCommand
{
    /// <summary>Runs <c>ip</c>.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message says what it wrote.</exception>
    public static Task RunAsync(params string[] arguments) => RunAsync(new ProcessStartInfo("ip", arguments));

    /// <summary>Runs a shell script within a namespace.</summary>
    public static Task RunWithinAsync(string file, string script) =>
        RunAsync(new ProcessStartInfo("nsenter", [$"--net={file}", "sh", "-c", script]));

    private static async Task RunAsync(ProcessStartInfo start)
    {
        start.RedirectStandardError = true;
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException(
                $"'{start.FileName} {string.Join(' ', start.ArgumentList)}' ended with {process.ExitCode}: {errors.Trim()}");
        }
    }
}
