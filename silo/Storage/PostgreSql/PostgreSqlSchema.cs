using System.Globalization;
using Npgsql;

namespace Monitoring.Storage.PostgreSql;

/// <summary>
/// Brings a database to the newest schema by numbered scripts, each applied once, all or none of what is missing. Any number of silos may
/// do so at once: the first that gets the lock applies the scripts, the others find them applied.
/// </summary>
/// <remarks>
/// <para>
/// Every part of the schema (a folder of scripts) has a row in <c>schema_version</c>: <c>version</c> counts the scripts applied, and
/// <c>min_reader</c> is how many of them a program must know to work with the result. Programs of two versions share a database while a
/// cluster is upgraded, so a script adds, and leaves alone what older programs read and write; then <c>min_reader</c> stays, and a program
/// that knows fewer scripts than were applied goes on. A script that cannot be had that way says so in a line of its own,
/// <c>-- min_reader: N</c>, N being its own number or less; programs that know fewer than N scripts then refuse to start.
/// </para>
/// <para>Scripts that were released are never changed. What they have in common stands in the order of <see cref="Parts"/>.</para>
/// </remarks>
internal static class PostgreSqlSchema
{
    private const string MinReaderMark = "-- min_reader:";

    /// <summary>Number of the advisory lock that migrations hold; any that nobody else uses in the same database.</summary>
    private const long LockKey = 0x4D6F_6E69_746F_7231;

    /// <summary>Longest a migration may run, and another silo wait for it.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Folders of scripts: the tables of partitions and alert logs, the state of grains with the table of Orleans' statements, and what
    /// silos need to find each other. A folder may be empty.
    /// </summary>
    public static IReadOnlyList<string> Parts { get; } = ["Schema", "Definitions", "Cluster"];

    /// <summary>Applies the scripts of all parts that the database does not have yet.</summary>
    /// <exception cref="StorageException">The database is of a newer version that this program cannot work with.</exception>
    public static Task MigrateAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        MigrateAsync(connection, Parts.ToDictionary(part => part, part => MigrationScripts.Of("PostgreSql", part)), cancellationToken);

    /// <summary>Applies what is missing of the parts by which silos find each other, and nothing else.</summary>
    /// <exception cref="StorageException">The database is of a newer version that this program cannot work with.</exception>
    public static Task MigrateClusterAsync(NpgsqlConnection connection, CancellationToken cancellationToken) => MigrateAsync(
        connection, Parts.Where(part => part is not "Schema").ToDictionary(part => part, part => MigrationScripts.Of("PostgreSql", part)), cancellationToken);

    /// <summary>Applies the given scripts by part, as far as the database does not have them yet.</summary>
    internal static async Task MigrateAsync(
        NpgsqlConnection connection, IReadOnlyDictionary<string, IReadOnlyList<string>> scripts, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, "SELECT pg_advisory_xact_lock(@key)", cancellationToken, ("key", LockKey));
        await ExecuteAsync(
            connection,
            "CREATE TABLE IF NOT EXISTS schema_version (part text NOT NULL PRIMARY KEY, version integer NOT NULL, min_reader integer NOT NULL)",
            cancellationToken);
        foreach (var (part, known) in scripts)
        {
            await MigrateAsync(connection, part, known, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task MigrateAsync(
        NpgsqlConnection connection, string part, IReadOnlyList<string> scripts, CancellationToken cancellationToken)
    {
        var (version, minReader) = await ReadVersionAsync(connection, part, cancellationToken);
        if (minReader > scripts.Count)
        {
            throw new StorageException(
                $"Database '{connection.Database}' at '{connection.DataSource}' has schema {version} of {part}, which needs a program that knows "
                + $"{minReader}; this one knows {scripts.Count}: start the newer version.");
        }

        if (version >= scripts.Count)
        {
            return;
        }

        for (; version < scripts.Count; version++)
        {
            await ExecuteAsync(connection, scripts[version], cancellationToken);
            minReader = Math.Max(minReader, MinReader(scripts[version]));
        }

        await ExecuteAsync(
            connection,
            """
            INSERT INTO schema_version (part, version, min_reader) VALUES (@part, @version, @min_reader)
            ON CONFLICT (part) DO UPDATE SET version = excluded.version, min_reader = excluded.min_reader
            """,
            cancellationToken,
            ("part", part), ("version", version), ("min_reader", minReader));
    }

    private static async Task<(int Version, int MinReader)> ReadVersionAsync(
        NpgsqlConnection connection, string part, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT version, min_reader FROM schema_version WHERE part = @part", connection);
        command.Parameters.AddWithValue("part", part);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (reader.GetInt32(0), reader.GetInt32(1)) : (0, 0);
    }

    private static int MinReader(string script) => script
        .Split('\n')
        .Where(line => line.StartsWith(MinReaderMark, StringComparison.Ordinal))
        .Select(line => int.Parse(line.AsSpan(MinReaderMark.Length).Trim(), CultureInfo.InvariantCulture))
        .FirstOrDefault();

    private static async Task ExecuteAsync(
        NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params (string Name, object Value)[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = (int)Limit.TotalSeconds };
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
