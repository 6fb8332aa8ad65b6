using Grpc.Net.Client;

namespace Monitoring.Chaos;

/// <summary>Connections to gateways that may die or fall silent at any time.</summary>
internal static class GatewayChannel
{
    private static readonly TimeSpan _ping = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _longestBackoff = TimeSpan.FromSeconds(2);

    /// <summary>Opens a channel.</summary>
    public static GrpcChannel Open(Uri address) => GrpcChannel.ForAddress(address, new GrpcChannelOptions
    {
        HttpHandler = new SocketsHttpHandler
        {
            KeepAlivePingDelay = _ping,
            KeepAlivePingTimeout = _ping,
            EnableMultipleHttp2Connections = true,
            ConnectTimeout = _ping,
        },
        DisposeHttpClient = true,
        MaxReconnectBackoff = _longestBackoff,
        MaxReceiveMessageSize = null,
    });
}
