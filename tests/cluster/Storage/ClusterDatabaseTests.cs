using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Monitoring.Clustering;
using Monitoring.Hosting;
using Monitoring.Storage;
using Npgsql;

namespace Monitoring.ClusterTests.Storage;

/// <summary>A silo whose list of silos lies in another database than what it stores.</summary>
public sealed class ClusterDatabaseTests
{
    private static readonly TimeSpan _guard = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Silo_ClusterInADatabaseOfItsOwn_MakesItsTablesThereAndSaysWhatItWaitsFor()
    {
        var server = await PostgreSqlServer.GetSharedAsync();
        var (storage, cluster) = (await server.CreateDatabaseAsync(), await server.CreateDatabaseAsync());
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Storage:ConnectionString"] = storage,
            ["Cluster:ConnectionString"] = cluster,
            ["Cluster:SiloPort"] = "0",
            ["Cluster:GatewayPort"] = "0",
            ["Silo:WebPort"] = "0",
            ["Partitions:Count"] = "4",
        });
        builder.AddSiloEndpoints();
        builder.AddClusterSilo();
        await using var silo = builder.Build();
        silo.MapSiloEndpoints();
        await silo.StartAsync(Cancel);

        using var http = new HttpClient
        {
            BaseAddress = new Uri(silo.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()),
        };
        var answers = await ReadinessUntilHealthyAsync(http).WaitAsync(_guard, Cancel);

        Assert.All(answers.Where(answer => answer != "Healthy"), answer => Assert.Matches("^Unhealthy\\nsilo: .*[a-z].*\\.$", answer));
        Assert.Equal(1L, await CountAsync(cluster, "cluster_silos WHERE status = 3"));
        Assert.Equal(0L, await CountAsync(storage, "cluster_silos"));
        Assert.Equal(4L, await CountAsync(storage, "partitions"));
        Assert.Equal(0L, await CountAsync(cluster, "pg_class WHERE relname = 'partitions'"));
        await silo.StopAsync(Cancel);
    }

    /// <summary>What the silo answers until it is ready, each answer once.</summary>
    private static async Task<List<string>> ReadinessUntilHealthyAsync(HttpClient http)
    {
        var answers = new List<string>();
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        do
        {
            using var response = await http.GetAsync("/health/ready", Cancel);
            var answer = await response.Content.ReadAsStringAsync(Cancel);
            if (!answers.Contains(answer))
            {
                answers.Add(answer);
            }
        }
        while (answers.TrueForAll(answer => answer != "Healthy") && await pause.WaitForNextTickAsync(Cancel));

        return answers;
    }

    private static async Task<long> CountAsync(string database, string what)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand($"SELECT count(*) FROM {what}", connection);
        return (long)(await command.ExecuteScalarAsync(Cancel))!;
    }
}
