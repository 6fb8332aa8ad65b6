using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Monitoring.Chaos.Processes;

/// <summary>Signals to processes, by number of the process alone.</summary>
internal static partial class Signals
{
    public const int Kill = 9;
    public const int Terminate = 15;
    public const int Continue = 18;
    public const int Stop = 19;

    /// <summary>Sends one.</summary>
    /// <exception cref="Win32Exception">There is no such process, or it belongs to somebody else.</exception>
    public static void Send(int process, int signal)
    {
        if (SendSignal(process, signal) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SendSignal(int process, int signal);
}
