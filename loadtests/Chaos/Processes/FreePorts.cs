using System.Net;
using System.Net.Sockets;

namespace Monitoring.Chaos.Processes;

/// <summary>
/// Ports that nobody listens on. They lie below those that the system gives to outgoing connections: a process that is down must find
/// its port free when it comes back.
/// </summary>
internal static class FreePorts
{
    private const int First = 17_000;
    private const int End = 31_000;

    /// <summary>Some of them, all different.</summary>
    public static int[] Take(int count)
    {
        var ports = new List<int>();
        for (var port = First + (Environment.ProcessId * 61 % (End - First)); ports.Count < count; port = port + 1 == End ? First : port + 1)
        {
            if (IsFree(port))
            {
                ports.Add(port);
            }
        }

        return [.. ports];
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
