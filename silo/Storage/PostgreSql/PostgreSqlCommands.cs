using Npgsql;
using NpgsqlTypes;

namespace Monitoring.Storage.PostgreSql;

/// <summary>Short forms for single statements. Parameters are $1, $2… in the order of their values.</summary>
internal static class PostgreSqlCommands
{
    /// <summary>Runs a statement; returns the number of changed rows.</summary>
    public static async Task<int> ExecuteAsync(
        this NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var command = connection.Command(sql, parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Runs a query; its rows are read one by one.</summary>
    public static async Task<List<T>> QueryAsync<T>(
        this NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken,
        params NpgsqlParameter[] parameters)
    {
        await using var command = connection.Command(sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAllAsync(read, cancellationToken);
    }

    /// <summary>
    /// True when a partition is claimed for an epoch; keeps others from claiming it until the transaction ends, while appends of the
    /// activation go on.
    /// </summary>
    public static async Task<bool> IsClaimedAsync(this NpgsqlConnection connection, int partition, long epoch, CancellationToken cancellationToken)
    {
        var found = await connection.QueryAsync(
            "SELECT FROM partitions WHERE partition = $1 AND epoch = $2 FOR SHARE", _ => true, cancellationToken, Value(partition), Value(epoch));
        return found.Count > 0;
    }

    public static async Task<List<T>> ReadAllAsync<T>(
        this NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    public static NpgsqlParameter Value<T>(T value) => new NpgsqlParameter<T> { TypedValue = value };

    public static NpgsqlParameter Bytes(ReadOnlyMemory<byte> value) =>
        new NpgsqlParameter<ReadOnlyMemory<byte>> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Bytea };

    /// <summary>One value of each row, for <c>unnest</c>: many rows go with one statement.</summary>
    public static NpgsqlParameter Column<TRow, TValue>(TRow[] rows, Func<TRow, TValue> value) => Value(Array.ConvertAll(rows, row => value(row)));

    private static NpgsqlCommand Command(this NpgsqlConnection connection, string sql, NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(parameters);
        return command;
    }
}
