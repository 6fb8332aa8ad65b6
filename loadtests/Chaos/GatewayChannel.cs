using Grpc.Net.Client;
using Monitoring.Chaos.Processes;

namespace Monitoring.Chaos;

/// <summary>Connections to gateways that may die or fall silent at any time.</summary>
internal static class GatewayChannel
{
    private static readonly TimeSpan _ping = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _longestBackoff = TimeSpan.FromSeconds(2);

    /// <summary>Opens a channel.</summary>
    public static GrpcChannel Open(GatewayEndpoint gateway)
    {
        var handler = gateway.Place.CreateHandler();
        handler.KeepAlivePingDelay = _ping;
        handler.KeepAlivePingTimeout = _ping;
        handler.EnableMultipleHttp2Connections = true;
        handler.ConnectTimeout = _ping;
        return GrpcChannel.ForAddress(gateway.Address, new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            MaxReconnectBackoff = _longestBackoff,
            MaxReceiveMessageSize = null,
        });
    }
}
