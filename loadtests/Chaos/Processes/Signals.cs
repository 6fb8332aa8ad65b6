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

    private const int NoSuchProcess = 3;

    /// <summary>Sends one.</summary>
    /// <exception cref="Win32Exception">There is no such process, or it belongs to somebody else.</exception>
    public static void Send(int process, int signal)
    {
        if (!TrySend(process, signal))
        {
            throw new Win32Exception(NoSuchProcess);
        }
    }

    /// <summary>Sends one to a process that may have ended; says whether it was there.</summary>
    /// <exception cref="Win32Exception">It belongs to somebody else.</exception>
    public static bool TrySend(int process, int signal)
    {
        if (SendSignal(process, signal) == 0)
        {
            return true;
        }

        var error = Marshal.GetLastPInvokeError();
        return error == NoSuchProcess ? false : throw new Win32Exception(error);
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SendSignal(int process, int signal);
}
