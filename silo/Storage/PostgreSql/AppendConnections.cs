using System.Collections.Concurrent;
using System.Data;
using Npgsql;

namespace Monitoring.Storage.PostgreSql;

/// <summary>
/// Connections for appends to journals and alert logs alone, the one used last first. Somebody waits for each append, so none may wait
/// until a checkpoint gives a connection back; and a session that was used a moment ago answers sooner than one that was not.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class AppendConnections(NpgsqlConnectionStringBuilder server) : IAsyncDisposable
{
    /// <summary>Connections of one silo, unless the connection string allows fewer: two for journals, the others for departments.</summary>
    private const int MaxConnections = 4;

    private readonly NpgsqlDataSource _source = Build(server);
    private readonly SemaphoreSlim _free = new(Limit(server));
    private readonly ConcurrentStack<NpgsqlConnection> _idle = new();
    private volatile bool _isDisposed;

    /// <summary>Lends a connection.</summary>
    public async Task<T> UseAsync<T>(Func<NpgsqlConnection, Task<T>> use, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        try
        {
            if (!_idle.TryPop(out var connection))
            {
                connection = await _source.OpenConnectionAsync(cancellationToken);
            }

            var hasWorked = false;
            try
            {
                var result = await use(connection);
                hasWorked = true;
                return result;
            }
            finally
            {
                await GiveBackAsync(connection, hasWorked);
            }
        }
        finally
        {
            _free.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        await CloseIdleAsync();
        await _source.DisposeAsync();
    }

    private static int Limit(NpgsqlConnectionStringBuilder server) => Math.Min(MaxConnections, server.MaxPoolSize);

    private static NpgsqlDataSource Build(NpgsqlConnectionStringBuilder server)
    {
        var own = new NpgsqlConnectionStringBuilder(server.ConnectionString) { MinPoolSize = 0, MaxPoolSize = Limit(server) };
        return new NpgsqlDataSourceBuilder(own.ConnectionString) { Name = "monitoring-appends" }.Build();
    }

    private async Task GiveBackAsync(NpgsqlConnection connection, bool hasWorked)
    {
        if (hasWorked)
        {
            _idle.Push(connection);
            if (_isDisposed)
            {
                await CloseIdleAsync();
            }

            return;
        }

        var isBroken = connection.State != ConnectionState.Open;
        await connection.DisposeAsync();
        if (isBroken)
        {
            // The server went away, so the others are of no use either: the next append finds it at once when it is back.
            await CloseIdleAsync();
        }
    }

    private async Task CloseIdleAsync()
    {
        while (_idle.TryPop(out var connection))
        {
            await connection.DisposeAsync();
        }
    }
}
