using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Monitoring.Storage;
using Monitoring.Storage.Sqlite;

namespace Monitoring.ClusterTests.Storage;

/// <summary>A data folder of its own for one test, deleted afterwards.</summary>
public sealed class SqliteFolder : TestStorage
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("monitoring-storage-").FullName;

    internal SqliteDatabase Open(int partitions = Partitions)
    {
        var database = new SqliteDatabase(Options.Create(new StorageOptions { DataFolder = Folder }));
        database.Open(partitions);
        return database;
    }

    internal override Task<OpenStorage> OpenAsync(int partitions = Partitions)
    {
        var database = Open(partitions);
        return Task.FromResult(new OpenStorage(
            database, new SqlitePartitionStore(database), new SqliteAlertLogStore(database), new SqliteLateStore(database),
            new SqliteHistoryStore(database)));
    }

    internal override void AddTo(ISiloBuilder silo, OpenStorage open)
    {
        silo.AddMonitoringStorage();
        silo.Services.AddSingleton((SqliteDatabase)open.Engine); // A folder belongs to one process: its silos share it.
        silo.Services.Configure<StorageOptions>(options => options.DataFolder = Folder);
    }

    public override ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
