using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Monitoring.Chaos.Network;

/// <summary>
/// Sockets of another network namespace. A socket belongs for good to the namespace of the thread that makes it, so a thread enters the
/// namespace, makes one and ends; whoever uses it stays outside.
/// </summary>
/// <param name="file">The namespace, such as <c>/run/netns/NAME</c>.</param>
internal sealed partial class NamespaceSockets(string file)
{
    private const int NetworkNamespace = 0x40000000; // CLONE_NEWNET

    /// <summary>Connects to an address within the namespace.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = await CreateAsync();
        try
        {
            socket.NoDelay = true;
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Parse(context.DnsEndPoint.Host), context.DnsEndPoint.Port), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private Task<Socket> CreateAsync()
    {
        var created = new TaskCompletionSource<Socket>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() => Create(created)) { IsBackground = true };
        thread.Start();
        return created.Task;
    }

    private void Create(TaskCompletionSource<Socket> created)
    {
        try
        {
            created.SetResult(Create());
        }
        catch (Exception failure)
        {
            // Whatever it was, who waits has to know.
            created.SetException(failure);
        }
    }

    private Socket Create()
    {
        using var handle = File.OpenHandle(file);
        return Enter((int)handle.DangerousGetHandle(), NetworkNamespace) == 0
            ? new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
            : throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Enter(int handle, int kind);
}
