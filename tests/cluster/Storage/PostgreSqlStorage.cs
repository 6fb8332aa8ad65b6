using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Monitoring.Storage;
using Monitoring.Storage.PostgreSql;

namespace Monitoring.ClusterTests.Storage;

/// <summary>A database of its own for one test.</summary>
/// <param name="start">Gives the server; one that is not shared may be stopped by the test.</param>
public sealed class PostgreSqlStorage(Func<Task<PostgreSqlServer>> start) : TestStorage
{
    private string? _connectionString;

    public PostgreSqlStorage()
        : this(PostgreSqlServer.GetSharedAsync)
    {
    }

    internal override async Task<OpenStorage> OpenAsync(int partitions = Partitions)
    {
        var database = new PostgreSqlDatabase(Options.Create(new StorageOptions { ConnectionString = await GetConnectionStringAsync() }), NullLogger<PostgreSqlDatabase>.Instance);
        await database.OpenAsync(partitions, TestContext.Current.CancellationToken);
        return new OpenStorage(
            database, new PostgreSqlPartitionStore(database), new PostgreSqlAlertLogStore(database), new PostgreSqlLateStore(database),
            new PostgreSqlHistoryStore(database));
    }

    internal override void AddTo(ISiloBuilder silo, OpenStorage open)
    {
        silo.AddMonitoringStorage();
        silo.Services.Configure<StorageOptions>(options => options.ConnectionString = _connectionString!);
    }

    internal async Task<string> GetConnectionStringAsync() => _connectionString ??= await (await start()).CreateDatabaseAsync();

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
