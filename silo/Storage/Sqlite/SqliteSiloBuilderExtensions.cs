using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Monitoring.Departments;
using Monitoring.Partitions;
using Orleans.Serialization;
using Orleans.Storage;

namespace Monitoring.Storage.Sqlite;

/// <summary>Registers SQLite as the place where everything durable is kept.</summary>
internal static class SqliteSiloBuilderExtensions
{
    /// <summary>Name of the storage provider for grains that keep definitions.</summary>
    private const string Definitions = "definitions";

    public static ISiloBuilder AddSqliteStorage(this ISiloBuilder silo)
    {
        var services = silo.Services;
        services.AddSingleton<IValidateOptions<StorageOptions>, StorageOptionsValidator>();
        services.AddOptions<StorageOptions>().BindConfiguration(StorageOptions.SectionName).ValidateOnStart();
        services.AddSingleton<SqliteDatabase>();
        services.AddSingleton<IPartitionStore, SqlitePartitionStore>();
        services.AddSingleton<IAlertLogStore, SqliteAlertLogStore>();
        return silo.AddAdoNetGrainStorage(Definitions, builder => builder.Configure<IOptions<StorageOptions>, Serializer>(
            (provider, storage, serializer) =>
            {
                provider.Invariant = "System.Data.SQLite"; // The provider maps this name to Microsoft.Data.Sqlite.
                provider.ConnectionString = SqliteDatabase.DefinitionsConnectionString(storage.Value);
                provider.GrainStorageSerializer = new OrleansGrainStorageSerializer(serializer);
            }));
    }
}
