using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Monitoring.Hosting;
using Monitoring.Partitions;
using Monitoring.Storage;
using Orleans.Configuration;
using Orleans.Serialization;

namespace Monitoring.Clustering;

/// <summary>Makes a process a member, or a client, of a cluster.</summary>
public static class ClusterRegistration
{
    private const string Invariant = "Npgsql";

    /// <summary>True when the configuration names a cluster; otherwise a process that needs actors hosts them itself.</summary>
    public static bool NamesCluster(this IConfiguration configuration) =>
        !string.IsNullOrWhiteSpace(configuration[$"{ClusterOptions.SectionName}:{nameof(ClusterOptions.ConnectionString)}"]);

    /// <summary>Adds a silo that is a member of the configured cluster.</summary>
    public static IHostApplicationBuilder AddClusterSilo(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddClusterOptions();
        services.AddOptions<StorageOptions>().PostConfigure<IOptions<ClusterOptions>>((storage, cluster) =>
            storage.ConnectionString = storage.UsesPostgreSql ? storage.ConnectionString : cluster.Value.ConnectionString);
        services.AddHostedService<StorageStarter>();
        services.AddHostedService<ClusterTables>();
        services.AddDatabaseExceptions();
        builder.UseOrleans(silo =>
        {
            silo.UseAdoNetClustering(provider => provider.Configure<IOptions<ClusterOptions>>((table, cluster) =>
                (table.Invariant, table.ConnectionString) = (Invariant, cluster.Value.ConnectionString)));
            services.AddOptions<EndpointOptions>().Configure<IOptions<ClusterOptions>>((endpoints, cluster) => SetEndpoints(endpoints, cluster.Value));
            services.AddOptions<ClusterMembershipOptions>().Configure<IOptions<ClusterOptions>>((membership, cluster) =>
                SetMembership(membership, cluster.Value));
            services.AddOptions<GrainDirectoryOptions>().Configure<IOptions<ClusterOptions>>((directory, cluster) =>
                directory.RangeLeaseDuration = cluster.Value.DirectoryLease);
            silo.AddMonitoringGrains();
            silo.AddMonitoringStorage();
        });
        return builder;
    }

    /// <summary>Adds a client of the configured cluster; grains are reached through <see cref="IGrainFactory"/>.</summary>
    public static IHostApplicationBuilder AddClusterClient(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddClusterOptions();
        services.AddPartitionMap();
        services.AddDatabaseExceptions();

        // The cluster may be away when the gateway starts: it waits, and says so by its health.
        services.Configure<HostOptions>(host => host.ServicesStartConcurrently = true);
        builder.UseOrleansClient(client =>
        {
            client.UseAdoNetClustering(provider => provider.Configure<IOptions<ClusterOptions>>((table, cluster) =>
                (table.Invariant, table.ConnectionString) = (Invariant, cluster.Value.ConnectionString)));
            client.UseConnectionRetryFilter<ClusterConnecting>();
            services.AddHostedService<PartitionCountCheck>();
            services.AddOptions<Orleans.Configuration.GatewayOptions>().Configure<IOptions<ClusterOptions>>((gateways, cluster) =>
                gateways.GatewayListRefreshPeriod = cluster.Value.RefreshInterval);
            services.AddOptions<ClientMessagingOptions>().Configure<IOptions<ClusterOptions>>((messaging, cluster) =>
                messaging.ResponseTimeout = cluster.Value.ResponseTimeout);
        });
        return builder;
    }

    /// <summary>Lets a failure of the database travel from a silo to a gateway as what it is, so that clients are told to try again.</summary>
    private static void AddDatabaseExceptions(this IServiceCollection services) =>
        services.Configure<ExceptionSerializationOptions>(exceptions => exceptions.SupportedNamespacePrefixes.Add(Invariant));

    private static void AddClusterOptions(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<ClusterOptions>, ClusterOptionsValidator>();
        services.AddSingleton<IValidateOptions<ClusterOptions>, ClusterOptionsRules>();
        services.AddOptions<ClusterOptions>().BindConfiguration(ClusterOptions.SectionName).ValidateOnStart();
        services.AddOptions<Orleans.Configuration.ClusterOptions>().Configure<IOptions<ClusterOptions>>((orleans, cluster) =>
            (orleans.ClusterId, orleans.ServiceId) = (cluster.Value.Id, cluster.Value.ServiceId));
    }

    private static void SetEndpoints(EndpointOptions endpoints, ClusterOptions cluster)
    {
        endpoints.AdvertisedIPAddress = IPAddress.Parse(cluster.Address);
        endpoints.SiloPort = PortOf(endpoints.AdvertisedIPAddress, cluster.SiloPort);
        endpoints.GatewayPort = PortOf(endpoints.AdvertisedIPAddress, cluster.GatewayPort);
    }

    private static void SetMembership(ClusterMembershipOptions membership, ClusterOptions cluster)
    {
        membership.ProbeTimeout = cluster.ProbeInterval;
        membership.NumMissedProbesLimit = cluster.MissedProbes;
        membership.NumVotesForDeathDeclaration = cluster.DeathVotes;
        membership.TableRefreshTimeout = cluster.RefreshInterval;
        membership.DefunctSiloExpiration = cluster.DefunctSiloAge;
    }

    private static int PortOf(IPAddress address, int port)
    {
        if (port != 0)
        {
            return port;
        }

        using var listener = new TcpListener(address, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
