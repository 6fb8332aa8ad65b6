using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Monitoring.Storage;

namespace Monitoring.Hosting;

/// <summary>Hosts the actors in the process that calls it.</summary>
public static class EmbeddedSilo
{
    /// <summary>Adds a silo with its storage to a host; grains are reached through <see cref="IGrainFactory"/>.</summary>
    public static IHostApplicationBuilder AddEmbeddedSilo(this IHostApplicationBuilder builder)
    {
        builder.Services.AddHostedService<StorageStarter>();
        builder.UseOrleans(silo =>
        {
            // Nobody else joins: any free port will do, and clients within the process need none.
            silo.UseLocalhostClustering(siloPort: FreePort(), gatewayPort: 0);
            silo.AddMonitoringGrains();
            silo.AddMonitoringStorage();
        });
        return builder;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
