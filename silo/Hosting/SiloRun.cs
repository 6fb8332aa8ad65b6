using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Monitoring.Clustering;
using Monitoring.Storage;

namespace Monitoring.Hosting;

internal static partial class SiloRun
{
    /// <summary>
    /// Runs until the process is told to stop. What an operator has to mend, a taken port or a wrong option, is one line and no stack.
    /// </summary>
    /// <returns>Exit code: 0 after a clean stop, 1 when it could not start.</returns>
    public static async Task<int> RunSiloAsync(this WebApplication app)
    {
        await using var _ = app;
        if (FindMistake(app) is { } mistake)
        {
            await Console.Error.WriteLineAsync(mistake);
            return 1;
        }

        try
        {
            await app.StartAsync();
        }
        catch (StorageException refusal)
        {
            await Console.Error.WriteLineAsync($"Not started: {refusal.Message}");
            return 1;
        }
        catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return 0; // Told to stop before it had started.
        }

        Announce(app);
        await app.WaitForShutdownAsync();
        return 0;
    }

    private static string? FindMistake(WebApplication app)
    {
        if (!app.Configuration.NamesCluster())
        {
            return "Not started: Cluster:ConnectionString is missing. Give the PostgreSQL database of the cluster, such as "
                + "--Cluster:ConnectionString=\"Host=db;Database=monitoring;Username=monitoring;Password=…\". A gateway without it needs no silo.";
        }

        if (StartCheck.FindWrongOption(app.Services, app.Configuration) is { } wrong)
        {
            return wrong;
        }

        var silo = app.Services.GetRequiredService<IOptions<SiloOptions>>().Value;
        var cluster = app.Services.GetRequiredService<IOptions<ClusterOptions>>().Value;
        var address = IPAddress.Parse(cluster.Address);
        return StartCheck.FindTaken(IPAddress.Parse(silo.Address), silo.WebPort, SiloOptions.SectionName, nameof(silo.WebPort))
            ?? StartCheck.FindTaken(address, cluster.SiloPort, ClusterOptions.SectionName, nameof(cluster.SiloPort))
            ?? StartCheck.FindTaken(address, cluster.GatewayPort, ClusterOptions.SectionName, nameof(cluster.GatewayPort));
    }

    private static void Announce(WebApplication app)
    {
        var web = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        var self = app.Services.GetRequiredService<ILocalSiloDetails>();
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Monitoring.Silo");
        LogReady(logger, self.SiloAddress, self.ClusterId, web);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Silo {Silo} joined cluster {Cluster}. Health and metrics: {Web}")]
    private static partial void LogReady(ILogger logger, SiloAddress silo, string cluster, string web);
}
