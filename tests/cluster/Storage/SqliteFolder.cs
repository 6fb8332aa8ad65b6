using Microsoft.Extensions.Options;
using Monitoring.Storage;
using Monitoring.Storage.Sqlite;

namespace Monitoring.ClusterTests.Storage;

/// <summary>A data folder of its own for one test, deleted afterwards.</summary>
public sealed class SqliteFolder : IDisposable
{
    public const int Partitions = 4;

    public string Folder { get; } = Directory.CreateTempSubdirectory("monitoring-storage-").FullName;

    internal SqliteDatabase Open(int partitions = Partitions)
    {
        var database = new SqliteDatabase(Options.Create(new StorageOptions { DataFolder = Folder }));
        database.Open(partitions);
        return database;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
