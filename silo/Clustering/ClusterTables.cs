using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Monitoring.Storage.PostgreSql;
using Npgsql;

namespace Monitoring.Clustering;

/// <summary>
/// Makes the tables in which silos enter themselves before this one does. They may lie in another database than what is stored; in the same
/// one there is nothing left to make.
/// </summary>
internal sealed class ClusterTables(IOptions<ClusterOptions> options) : IHostedLifecycleService
{
    /// <exception cref="Storage.StorageException">The database cannot be used as it is.</exception>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var server = new NpgsqlConnectionStringBuilder(options.Value.ConnectionString);
        try
        {
            await using var connection = new NpgsqlConnection(options.Value.ConnectionString);
            await connection.OpenAsync(cancellationToken);
            await PostgreSqlSchema.MigrateClusterAsync(connection, cancellationToken);
        }
        catch (Exception exception) when (StorageExceptions.IsOfDatabase(exception))
        {
            throw StorageExceptions.Explain(exception, AddressOf(server), "Cluster:ConnectionString");
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static string AddressOf(NpgsqlConnectionStringBuilder server) => string.Create(CultureInfo.InvariantCulture, $"{server.Host}:{server.Port}");
}
