using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Monitoring.Departments;
using Monitoring.History;
using Monitoring.LatePoints;
using Monitoring.Partitions;
using Monitoring.Storage.PostgreSql;
using Monitoring.Storage.Sqlite;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Storage;

namespace Monitoring.Storage;

/// <summary>Registers the place where everything durable is kept: PostgreSQL when a connection string is configured, SQLite otherwise.</summary>
internal static class StorageSiloBuilderExtensions
{
    /// <summary>Name of the storage provider for grains that keep definitions.</summary>
    private const string Definitions = "definitions";

    public static ISiloBuilder AddMonitoringStorage(this ISiloBuilder silo)
    {
        var services = silo.Services;
        services.AddSingleton<IValidateOptions<StorageOptions>, StorageOptionsValidator>();
        services.AddSingleton<IValidateOptions<StorageOptions>, ConnectionStringRule>();
        services.AddOptions<StorageOptions>().BindConfiguration(StorageOptions.SectionName).ValidateOnStart();
        services.AddSingleton<SqliteDatabase>();
        services.AddSingleton<PostgreSqlDatabase>();
        services.AddChoice<IStorageEngine, PostgreSqlDatabase, SqliteDatabase>();
        services.AddSingleton<SqlitePartitionStore>();
        services.AddSingleton<PostgreSqlPartitionStore>();
        services.AddChoice<IPartitionStore, PostgreSqlPartitionStore, SqlitePartitionStore>();
        services.AddSingleton<SqliteLateStore>();
        services.AddSingleton<PostgreSqlLateStore>();
        services.AddChoice<ILateStore, PostgreSqlLateStore, SqliteLateStore>();
        services.AddSingleton<SqliteHistoryStore>();
        services.AddSingleton<PostgreSqlHistoryStore>();
        services.AddChoice<IHistoryStore, PostgreSqlHistoryStore, SqliteHistoryStore>();
        services.AddSingleton<SqliteAlertLogStore>();
        services.AddSingleton<PostgreSqlAlertLogStore>();
        services.AddChoice<IAlertLogStore, PostgreSqlAlertLogStore, SqliteAlertLogStore>();
        return silo.AddAdoNetGrainStorage(
            Definitions, builder => builder.Configure<IOptions<StorageOptions>, Serializer>((provider, storage, serializer) =>
            {
                SetDatabase(provider, storage.Value);
                provider.GrainStorageSerializer = new OrleansGrainStorageSerializer(serializer);
            }));
    }

    /// <summary>The configuration decides when the service is first asked for; what it does not name is never made.</summary>
    private static void AddChoice<TService, TPostgreSql, TSqlite>(this IServiceCollection services)
        where TService : class
        where TPostgreSql : class, TService
        where TSqlite : class, TService =>
        services.AddSingleton<TService>(provider => provider.GetRequiredService<IOptions<StorageOptions>>().Value.UsesPostgreSql
            ? provider.GetRequiredService<TPostgreSql>()
            : provider.GetRequiredService<TSqlite>());

    private static void SetDatabase(AdoNetGrainStorageOptions provider, StorageOptions storage)
    {
        if (storage.UsesPostgreSql)
        {
            provider.Invariant = "Npgsql";
            provider.ConnectionString = PostgreSqlDatabase.ConnectionString(storage).ConnectionString;
        }
        else
        {
            provider.Invariant = "System.Data.SQLite"; // The provider maps this name to Microsoft.Data.Sqlite.
            provider.ConnectionString = SqliteDatabase.DefinitionsConnectionString(storage);
        }
    }
}
