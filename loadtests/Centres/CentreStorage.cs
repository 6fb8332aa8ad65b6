using Microsoft.Data.Sqlite;
using Monitoring.Chaos.Processes;
using Npgsql;

namespace Monitoring.Centres;

/// <summary>
/// Bytes that a centre's storage takes. With SQLite these are all files of the data folder, its write-ahead log included; with PostgreSQL
/// the database with its indexes as <c>pg_database_size</c> has it, without the server's write-ahead log, which is used again and again.
/// </summary>
internal sealed class CentreStorage(CentreSetup setup, string dataFolder, CentreLayout layout)
{
    private readonly string _connectionString = setup.PostgreSql.Length > 0
        ? setup.PostgreSql
        : layout.Processes.OfType<PostgreSqlProcess>().FirstOrDefault()?.ConnectionString ?? string.Empty;

    /// <summary>Bytes on the disk now.</summary>
    public async Task<long> BytesAsync(CancellationToken cancellationToken)
    {
        if (!setup.IsPostgreSql)
        {
            return new DirectoryInfo(dataFolder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
        }

        await using var source = NpgsqlDataSource.Create(_connectionString);
        await using var command = source.CreateCommand("SELECT pg_database_size(current_database())");
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Gives back the room of rows that are gone, for which nobody may use the storage. What is left is what rows take.</summary>
    public async Task PackAsync(CancellationToken cancellationToken)
    {
        if (setup.IsPostgreSql)
        {
            await using var source = NpgsqlDataSource.Create(_connectionString + ";Command Timeout=600");
            await using var command = source.CreateCommand("VACUUM FULL");
            await command.ExecuteNonQueryAsync(cancellationToken);
            return;
        }

        foreach (var file in Directory.EnumerateFiles(dataFolder, "*.db"))
        {
            var builder = new SqliteConnectionStringBuilder { DataSource = file, Pooling = false };
            await using var connection = new SqliteConnection(builder.ConnectionString);
            await connection.OpenAsync(cancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandText = "VACUUM; PRAGMA wal_checkpoint(TRUNCATE)";
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
