using System.Data;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Monitoring.Storage.PostgreSql;

/// <summary>The database, through a pool of connections. Several silos share it.</summary>
/// <remarks>
/// A connection that broke is not used again, and the next one is opened anew: whoever asked gets the failure and tries again, so a restart
/// or a failover of the server needs nothing else.
/// </remarks>
internal sealed partial class PostgreSqlDatabase(IOptions<StorageOptions> options, ILogger<PostgreSqlDatabase> logger) : IStorageEngine, IAsyncDisposable
{
    /// <summary>
    /// What a session asks of the server unless the connection string says otherwise. A silo that vanished, with its machine or its network,
    /// must not hold a partition's row for long, or nobody else could claim the partition.
    /// </summary>
    private const string SessionSettings =
        "-c idle_in_transaction_session_timeout=60s -c tcp_keepalives_idle=15 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3";

    /// <summary>
    /// Connections of one silo beside those for appends, unless the connection string says otherwise; servers allow 100 in all by default.
    /// </summary>
    private const int PoolSize = 20;

    private readonly NpgsqlDataSource _source = new NpgsqlDataSourceBuilder(ConnectionString(options.Value).ConnectionString) { Name = "monitoring" }.Build();

    private readonly AppendConnections _appends = new(ConnectionString(options.Value));

    private bool _isAway;

    /// <summary>Most appends that share a transaction.</summary>
    public int MaxGroupSize => options.Value.MaxGroupSize;

    private string Address
    {
        get
        {
            var server = ConnectionString(options.Value);
            return string.Create(CultureInfo.InvariantCulture, $"{server.Host}:{server.Port}");
        }
    }

    /// <summary>The configured connection string, completed by what suits this program.</summary>
    /// <exception cref="ArgumentException">It is not a connection string.</exception>
    public static NpgsqlConnectionStringBuilder ConnectionString(StorageOptions options)
    {
        var builder = new NpgsqlConnectionStringBuilder(options.ConnectionString);
        SetDefault("Application Name", () => builder.ApplicationName = "monitoring");
        SetDefault("Maximum Pool Size", () => builder.MaxPoolSize = Math.Max(PoolSize, builder.MinPoolSize));
        SetDefault("Options", () => builder.Options = SessionSettings);
        SetDefault("Max Auto Prepare", () => builder.MaxAutoPrepare = 32);
        SetDefault("Keepalive", () => builder.KeepAlive = 30);

        // Nothing here changes the state of a session, so there is nothing to reset between two users of a connection.
        SetDefault("No Reset On Close", () => builder.NoResetOnClose = true);
        return builder;

        void SetDefault(string keyword, Action set)
        {
            if (!builder.ShouldSerialize(keyword))
            {
                set();
            }
        }
    }

    public async Task OpenAsync(int partitionCount, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await _source.OpenConnectionAsync(cancellationToken);
            await CheckDurabilityAsync(connection, cancellationToken);
            await PostgreSqlSchema.MigrateAsync(connection, cancellationToken);
            await CheckPartitionCountAsync(connection, partitionCount, cancellationToken);
            await CheckTemporaryTablesAsync(connection, cancellationToken);
        }
        catch (Exception exception) when (StorageExceptions.IsOfDatabase(exception))
        {
            throw StorageExceptions.Explain(exception, Address, "Storage:ConnectionString");
        }
    }

    /// <summary>Runs statements that append, in one transaction and with one round trip.</summary>
    public Task AppendAsync(IEnumerable<NpgsqlBatchCommand> commands, CancellationToken cancellationToken) => AppendAsync(
        async connection =>
        {
            await using var batch = new NpgsqlBatch(connection);
            foreach (var command in commands)
            {
                batch.BatchCommands.Add(command);
            }

            return await batch.ExecuteNonQueryAsync(cancellationToken);
        },
        cancellationToken);

    /// <summary>Runs one query, which sees what was committed before it began; its rows are read one by one.</summary>
    public Task<List<T>> QueryAsync<T>(
        string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params NpgsqlParameter[] parameters) =>
        UseAsync(connection => connection.QueryAsync(sql, read, cancellationToken, parameters), cancellationToken);

    /// <summary>Runs one statement that appends, and reads what it tells of that.</summary>
    public Task<List<T>> AppendAsync<T>(
        string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params NpgsqlParameter[] parameters) =>
        AppendAsync(connection => connection.QueryAsync(sql, read, cancellationToken, parameters), cancellationToken);

    /// <summary>Reads one consistent state with several queries.</summary>
    public Task<T> ReadAsync<T>(Func<NpgsqlConnection, Task<T>> read, CancellationToken cancellationToken) => UseAsync(
        async connection =>
        {
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
            var result = await read(connection);
            await transaction.CommitAsync(cancellationToken);
            return result;
        },
        cancellationToken);

    /// <summary>Makes a write of several statements durable, all or nothing. Each statement sees what was committed before it began.</summary>
    public Task WriteAsync(Func<NpgsqlConnection, Task> write, CancellationToken cancellationToken) => UseAsync(
        async connection =>
        {
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
            await write(connection);
            await transaction.CommitAsync(cancellationToken);
            return true;
        },
        cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _appends.DisposeAsync();
        await _source.DisposeAsync();
    }

    private Task<T> AppendAsync<T>(Func<NpgsqlConnection, Task<T>> append, CancellationToken cancellationToken) =>
        NoteAsync(_appends.UseAsync(append, cancellationToken));

    /// <summary>Lends a connection.</summary>
    private Task<T> UseAsync<T>(Func<NpgsqlConnection, Task<T>> use, CancellationToken cancellationToken)
    {
        return NoteAsync(LendAsync());

        async Task<T> LendAsync()
        {
            await using var connection = await _source.OpenConnectionAsync(cancellationToken);
            return await use(connection);
        }
    }

    /// <summary>Callers try again in silence, so it is said here, once each, that the server went away and came back.</summary>
    private async Task<T> NoteAsync<T>(Task<T> use)
    {
        T result;
        try
        {
            result = await use;
        }
        catch (NpgsqlException failure) when (failure.IsTransient)
        {
            if (!Interlocked.Exchange(ref _isAway, true))
            {
                LogAway(Address, (failure.InnerException ?? failure).Message);
            }

            throw;
        }

        if (_isAway && Interlocked.Exchange(ref _isAway, false))
        {
            LogBack(Address);
        }

        return result;
    }

    private static async Task CheckDurabilityAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SHOW synchronous_commit", connection);
        if (Equals(await command.ExecuteScalarAsync(cancellationToken), "off"))
        {
            throw new StorageException(
                $"Database '{connection.Database}' has synchronous_commit = off, so a crash of the server would lose points that were acknowledged: "
                + "set it to on.");
        }
    }

    /// <summary>Checkpoints need temporary tables: who may not make them is better told now than when the first one fails.</summary>
    private static async Task CheckTemporaryTablesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        foreach (var preparation in BulkTables.Preparations)
        {
            await connection.ExecuteAsync(preparation, cancellationToken);
        }
    }

    private static async Task CheckPartitionCountAsync(NpgsqlConnection connection, int partitionCount, CancellationToken cancellationToken)
    {
        var count = partitionCount.ToString(CultureInfo.InvariantCulture);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand("INSERT INTO settings (name, value) VALUES ('partitions', $1) ON CONFLICT DO NOTHING")
                {
                    Parameters = { new NpgsqlParameter<string> { TypedValue = count } },
                },
                new NpgsqlBatchCommand("SELECT value FROM settings WHERE name = 'partitions'"),
            },
        };
        var stored = await batch.ExecuteScalarAsync(cancellationToken);
        if (!Equals(stored, count))
        {
            throw new StorageException(
                $"Database '{connection.Database}' was created with {stored} partitions and Partitions:Count is {partitionCount}: "
                + $"set Partitions:Count to {stored}, or Storage:ConnectionString to a new database.");
        }
    }
}
