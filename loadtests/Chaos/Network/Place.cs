using System.Collections.Immutable;
using System.Net;

namespace Monitoring.Chaos.Network;

/// <summary>Connects this program to a process of the centre.</summary>
internal delegate ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken cancellationToken);

/// <summary>Where a process of the centre runs.</summary>
/// <param name="Address">Where it listens, and others reach it.</param>
/// <param name="Launcher">Program and arguments that start its command there; empty for a command that starts as it is.</param>
/// <param name="Connect">How this program reaches it; null for as anything else.</param>
internal sealed record Place(IPAddress Address, ImmutableArray<string> Launcher, Connect? Connect)
{
    /// <summary>The loopback address of this machine.</summary>
    public static Place Loopback { get; } = new(IPAddress.Loopback, [], Connect: null);

    /// <summary>An HTTP handler that reaches it.</summary>
    public SocketsHttpHandler CreateHandler()
    {
        var handler = new SocketsHttpHandler();
        if (Connect is { } connect)
        {
            handler.ConnectCallback = (context, cancellationToken) => connect(context, cancellationToken);
        }

        return handler;
    }
}
