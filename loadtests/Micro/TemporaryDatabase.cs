using Microsoft.Extensions.Options;
using Monitoring.Storage;
using Monitoring.Storage.Sqlite;

namespace Monitoring.Micro;

/// <summary>SQLite in a folder of its own below the temporary folder, as durable as in production; deleted afterwards.</summary>
internal sealed class TemporaryDatabase : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("monitoring-micro-").FullName;

    public TemporaryDatabase()
    {
        Database = new SqliteDatabase(Options.Create(new StorageOptions { DataFolder = _folder }));
        Database.Open(partitionCount: 1);
    }

    public SqliteDatabase Database { get; }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
