using Microsoft.Extensions.Hosting;
using Monitoring.Clustering;

namespace Monitoring.Hosting;

/// <summary>Gives a process actors to talk to.</summary>
public static class ActorHosting
{
    /// <summary>
    /// Those of the cluster that the configuration names, otherwise those of a silo in this process; either way they are reached through
    /// <see cref="IGrainFactory"/>.
    /// </summary>
    public static IHostApplicationBuilder AddActors(this IHostApplicationBuilder builder) =>
        builder.Configuration.NamesCluster() ? builder.AddClusterClient() : builder.AddEmbeddedSilo();
}
