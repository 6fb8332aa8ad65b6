using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Monitoring.Storage.Sqlite;

/// <summary>Brings a database file to the newest schema by numbered scripts, each applied once, all or none of what is missing.</summary>
internal static class SqliteSchema
{
    /// <summary>Applies the scripts of a folder that the file does not have yet.</summary>
    /// <exception cref="StorageException">The file was made by a newer version of this program.</exception>
    public static void Migrate(SqliteConnection connection, string folder)
    {
        var scripts = MigrationScripts.Of("Sqlite", folder);
        using var transaction = connection.BeginTransaction(deferred: false);
        var version = Convert.ToInt32(connection.Scalar(transaction, "PRAGMA user_version"), CultureInfo.InvariantCulture);
        if (version > scripts.Count)
        {
            throw new StorageException(
                $"'{connection.DataSource}' has schema {version}, this program knows {scripts.Count}: start the newer version that wrote it.");
        }

        for (; version < scripts.Count; version++)
        {
            connection.Execute(transaction, scripts[version]);
            connection.Execute(transaction, string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {version + 1}"));
        }

        transaction.Commit();
    }
}
