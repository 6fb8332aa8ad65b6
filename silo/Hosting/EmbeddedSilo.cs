namespace Monitoring.Hosting;

/// <summary>Hosts the actors in the process that calls it.</summary>
public static class EmbeddedSilo
{
    /// <summary>Adds a silo with its storage to a host; grains are reached through <see cref="Orleans.IGrainFactory"/>.</summary>
    public static IHostApplicationBuilder AddEmbeddedSilo(this IHostApplicationBuilder builder)
    {
        builder.UseOrleans(silo => silo.UseLocalhostClustering());
        return builder;
    }
}
