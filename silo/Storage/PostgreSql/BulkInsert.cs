using System.Globalization;
using Npgsql;
using static Monitoring.Storage.PostgreSql.PostgreSqlCommands;

namespace Monitoring.Storage.PostgreSql;

/// <summary>
/// Writes rows of a partition into a table within a transaction. Few rows go as one array per column; many are copied into a temporary table
/// of the session first, from which one statement takes them over.
/// </summary>
/// <remarks>
/// The temporary table is made where it is missing, in the transaction that needs it, and is empty again when that ends: so it does not
/// matter which session of a pool, or of a pooler before the server, serves the transaction.
/// </remarks>
internal sealed class BulkInsert<TRow>
{
    /// <summary>Rows from which copying is quicker than arrays; below it, its further round trips cost more than they save.</summary>
    public const int MinCopiedRows = 1_000;

    /// <summary>Rows that one statement takes over: bounds how long it runs, and what waits in the temporary table.</summary>
    private const int RowsPerStatement = 20_000;

    private readonly BulkColumn<TRow>[] _columns;
    private readonly string _fromArrays;
    private readonly string _copy;
    private readonly string _fromCopied;
    private readonly string _forget;

    /// <summary>Describes what is written.</summary>
    /// <param name="table">The table; its column <c>partition</c> comes before the others.</param>
    /// <param name="conflict">What becomes of a row that is there already, as SQL.</param>
    /// <param name="columns">The other columns.</param>
    public BulkInsert(string table, string conflict, params BulkColumn<TRow>[] columns)
    {
        _columns = columns;
        var names = string.Join(", ", columns.Select(column => column.Name));
        var arrays = string.Join(", ", columns.Select((_, place) => string.Create(CultureInfo.InvariantCulture, $"${place + 2}")));
        var staged = $"pg_temp.staged_{table}";
        var types = string.Join(", ", columns.Select(column => $"{column.Name} {column.Type}"));
        _fromArrays = $"INSERT INTO {table} (partition, {names}) SELECT $1, * FROM unnest({arrays}) {conflict}";
        Preparation = $"CREATE TEMPORARY TABLE IF NOT EXISTS {staged} ({types}) ON COMMIT DELETE ROWS";
        _copy = $"COPY {staged} ({names}) FROM STDIN (FORMAT binary)";
        _fromCopied = $"INSERT INTO {table} (partition, {names}) SELECT $1, {names} FROM {staged} {conflict}";
        _forget = $"TRUNCATE {staged}";
    }

    /// <summary>Makes the temporary table where it is missing.</summary>
    public string Preparation { get; }

    /// <summary>Writes rows, in whichever way is quicker for so many.</summary>
    public Task WriteAsync(NpgsqlConnection connection, int partition, IReadOnlyList<TRow> rows, CancellationToken cancellationToken) => rows.Count switch
    {
        0 => Task.CompletedTask,
        < MinCopiedRows => WriteArraysAsync(connection, partition, [.. rows], cancellationToken),
        _ => WriteCopiedAsync(connection, partition, rows, cancellationToken),
    };

    /// <summary>Writes rows as arrays.</summary>
    internal Task WriteArraysAsync(NpgsqlConnection connection, int partition, TRow[] rows, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(_fromArrays, cancellationToken, [Value(partition), .. _columns.Select(column => column.ToArray(rows))]);

    /// <summary>Writes rows by way of the temporary table, which is empty before and after.</summary>
    internal async Task WriteCopiedAsync(NpgsqlConnection connection, int partition, IReadOnlyList<TRow> rows, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(Preparation, cancellationToken);
        for (var first = 0; first < rows.Count; first += RowsPerStatement)
        {
            await CopyAsync(connection, rows, first, Math.Min(rows.Count, first + RowsPerStatement), cancellationToken);
            await using var batch = new NpgsqlBatch(connection)
            {
                BatchCommands =
                {
                    new NpgsqlBatchCommand(_fromCopied) { Parameters = { Value(partition) } },
                    new NpgsqlBatchCommand(_forget),
                },
            };
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private async Task CopyAsync(NpgsqlConnection connection, IReadOnlyList<TRow> rows, int first, int end, CancellationToken cancellationToken)
    {
        var content = new CopyContent();
        await using var stream = await connection.BeginRawBinaryCopyAsync(_copy, cancellationToken);
        for (var place = first; place < end; place++)
        {
            content.BeginRow(_columns.Length);
            foreach (var column in _columns)
            {
                column.Copy(content, rows[place]);
            }

            if (content.IsLarge)
            {
                await stream.WriteAsync(content.Written, cancellationToken);
                content.Clear();
            }
        }

        content.End();
        await stream.WriteAsync(content.Written, cancellationToken);
    }
}

/// <summary>One column of <see cref="BulkInsert{TRow}"/>.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Type">Its type in the temporary table.</param>
/// <param name="ToArray">Its values of some rows as one parameter.</param>
/// <param name="Copy">Writes its value of a row.</param>
internal sealed record BulkColumn<TRow>(string Name, string Type, Func<TRow[], NpgsqlParameter> ToArray, Action<CopyContent, TRow> Copy)
{
    public static BulkColumn<TRow> Integer(string name, Func<TRow, int> value) =>
        new(name, "integer", rows => Column(rows, value), (copy, row) => copy.Write(value(row)));

    public static BulkColumn<TRow> BigInt(string name, Func<TRow, long> value) =>
        new(name, "bigint", rows => Column(rows, value), (copy, row) => copy.Write(value(row)));

    public static BulkColumn<TRow> Double(string name, Func<TRow, double> value) =>
        new(name, "double precision", rows => Column(rows, value), (copy, row) => copy.Write(BitConverter.DoubleToInt64Bits(value(row))));

    public static BulkColumn<TRow> Text(string name, Func<TRow, string> value) =>
        new(name, "text", rows => Column(rows, value), (copy, row) => copy.Write(value(row)));

    /// <summary>Numbers of which NaN is stored as null.</summary>
    public static BulkColumn<TRow> DoubleOrNull(string name, Func<TRow, double> value) => new(
        name, "double precision",
        rows => Column(rows, row => double.IsNaN(value(row)) ? (double?)null : value(row)),
        (copy, row) =>
        {
            if (double.IsNaN(value(row)))
            {
                copy.WriteNull();
            }
            else
            {
                copy.Write(BitConverter.DoubleToInt64Bits(value(row)));
            }
        });

    public static BulkColumn<TRow> BytesOrNull(string name, Func<TRow, byte[]?> value) => new(
        name, "bytea",
        rows => Column(rows, value),
        (copy, row) =>
        {
            if (value(row) is { } bytes)
            {
                copy.Write(bytes);
            }
            else
            {
                copy.WriteNull();
            }
        });
}
