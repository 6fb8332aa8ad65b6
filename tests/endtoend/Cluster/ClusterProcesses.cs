using Monitoring.Gateway;
using Monitoring.Infrastructure;
using Monitoring.Storage;

namespace Monitoring.Cluster;

/// <summary>Silos and gateways as processes of their own on an empty database.</summary>
internal sealed class ClusterProcesses : IAsyncDisposable
{
    private readonly string _connectionString;

    private ClusterProcesses(string connectionString) => _connectionString = connectionString;

    public List<SiloProcess> Silos { get; } = [];

    public List<GatewayProcess> Gateways { get; } = [];

    public List<GatewayClients> Clients { get; } = [];

    /// <summary>Starts two silos and two gateways with the tests' dictionary.</summary>
    public static async Task<ClusterProcesses> StartAsync()
    {
        var cluster = new ClusterProcesses(await (await PostgreSqlServer.GetSharedAsync()).CreateDatabaseAsync());
        try
        {
            await Task.WhenAll(cluster.AddSiloAsync(), cluster.AddSiloAsync(), cluster.AddGatewayAsync(), cluster.AddGatewayAsync());
            await cluster.Clients[0].ApplyDictionaryAsync();
            await Task.WhenAll(cluster.Silos.Select(silo => silo.ReadyAsync()));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public async Task<SiloProcess> AddSiloAsync()
    {
        var silo = await SiloProcess.StartAsync(_connectionString);
        lock (Silos)
        {
            Silos.Add(silo);
        }

        return silo;
    }

    /// <summary>Number of partitions of each silo, smallest first.</summary>
    public async Task<string> SharesAsync() =>
        string.Join(' ', (await Task.WhenAll(Silos.Select(silo => silo.PartitionsAsync()))).Order());

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Clients.ForEach(clients => clients.Dispose());
        foreach (var gateway in Gateways)
        {
            await gateway.DisposeAsync();
        }

        Silos.ForEach(silo => silo.Dispose());
    }

    private async Task AddGatewayAsync()
    {
        var gateway = await GatewayProcess.StartAsync(TestContext.Current.CancellationToken, $"--Cluster:ConnectionString={_connectionString}");
        lock (Gateways)
        {
            Gateways.Add(gateway);
            Clients.Add(new GatewayClients(gateway));
        }
    }
}
