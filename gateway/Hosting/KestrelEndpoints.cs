using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Monitoring.Gateway.Hosting;

/// <summary>
/// Binds the two endpoints. Without TLS there is no way to negotiate the protocol, so the web endpoint speaks HTTP/1.1 and gRPC has
/// its own port with HTTP/2 alone.
/// </summary>
internal sealed class KestrelEndpoints(IOptions<GatewayOptions> options) : IConfigureOptions<KestrelServerOptions>
{
    public void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        var valid = options.ValidOrDefault();
        kestrel.Limits.MaxConcurrentConnections = valid.MaxConnections;
        kestrel.Limits.MaxConcurrentUpgradedConnections = valid.MaxConsoles;
        var http2 = kestrel.Limits.Http2;
        http2.MaxStreamsPerConnection = valid.MaxStreamsPerConnection;
        http2.InitialStreamWindowSize = valid.StreamWindowBytes;

        // What a stream holds unread counts for its connection too. With less than this, a few streams that are held back would stop the rest.
        http2.InitialConnectionWindowSize = valid.MaxStreamsPerConnection * valid.StreamWindowBytes;
        var address = IPAddress.Parse(valid.Address);
        kestrel.Listen(address, valid.WebPort, endpoint => endpoint.Protocols = HttpProtocols.Http1);
        kestrel.Listen(address, valid.GrpcPort, endpoint => endpoint.Protocols = HttpProtocols.Http2);
    }
}
