using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;
using Monitoring.Measuring;
using Monitoring.Peers.Workload;
using Monitoring.Storage;
using Monitoring.Tree;
using Npgsql;

namespace Monitoring.Peers.PostgreSql;

/// <summary>
/// PostgreSQL with tables and a trigger of its own (<c>Schema.sql</c>): points come by COPY, a statement trigger rolls them up, NOTIFY
/// tells of alerts. The server is as the one that Monitoring stores in.
/// </summary>
internal sealed class PostgreSqlPeer : IPeer
{
    private readonly PostgreSqlServer _server;
    private readonly TreeShape _tree;
    private readonly NpgsqlDataSource _source;
    private readonly Channel<ParentAlert> _alerts = Channel.CreateUnbounded<ParentAlert>(); // As many as the load test raises.
    private readonly CancellationTokenSource _stopping = new();
    private Task _listening = Task.CompletedTask;
    private long _emptyBytes;

    private PostgreSqlPeer(PostgreSqlServer server, string connectionString, TreeShape tree)
    {
        (_server, _tree) = (server, tree);
        _source = NpgsqlDataSource.Create(connectionString);
    }

    /// <inheritdoc/>
    public string Name => "postgresql";

    /// <inheritdoc/>
    public string Version { get; private set; } = string.Empty;

    /// <inheritdoc/>
    public IReadOnlyList<int> ConnectionsToTry => [1, 2, 4];

    /// <inheritdoc/>
    public ChannelReader<ParentAlert> Alerts => _alerts.Reader;

    /// <inheritdoc/>
    public double CpuSeconds => _server.ProcessId is { } id ? ProcessUsage.CpuSecondsOfFamily(id) : 0;

    /// <inheritdoc/>
    public string Output => File.ReadAllText(_server.Log);

    /// <summary>Starts a server and makes the tables.</summary>
    public static async Task<PostgreSqlPeer> StartAsync(TreeShape tree, CancellationToken cancellationToken)
    {
        var server = await PostgreSqlServer.StartAsync();
        var peer = new PostgreSqlPeer(server, await server.CreateDatabaseAsync(), tree);
        try
        {
            await peer.ExecuteAsync(await SchemaAsync(cancellationToken), cancellationToken);
            peer._emptyBytes = await peer.BytesAsync(cancellationToken);
            var listener = await peer._source.OpenConnectionAsync(cancellationToken);
            peer.Version = listener.PostgreSqlVersion.ToString();
            listener.Notification += (_, notification) => peer.Receive(notification.Payload);
            await using (var listen = new NpgsqlCommand("LISTEN alerts", listener))
            {
                await listen.ExecuteNonQueryAsync(cancellationToken);
            }

            peer._listening = peer.ListenAsync(listener);
            return peer;
        }
        catch
        {
            await peer.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public int ProbeLeaf(int parent) => _tree.FirstLeaf(parent);

    /// <inheritdoc/>
    public async Task<IBatchConnection> ConnectAsync(CancellationToken cancellationToken) =>
        new PostgreSqlConnection(await _source.OpenConnectionAsync(cancellationToken), TimeProvider.System);

    /// <inheritdoc/>
    public Task<double> RootSumAsync(CancellationToken cancellationToken) =>
        ScalarAsync<double>("SELECT coalesce(sum(sum), 0) FROM root_totals", cancellationToken);

    /// <inheritdoc/>
    public Task<long> StoredPointsAsync(CancellationToken cancellationToken) =>
        ScalarAsync<long>("SELECT count(*) FROM points", cancellationToken);

    /// <inheritdoc/>
    public async Task<DiskUse> MeasureDiskAsync(CancellationToken cancellationToken)
    {
        var written = await BytesAsync(cancellationToken);
        await ExecuteAsync("VACUUM FULL", cancellationToken);
        var packed = await BytesAsync(cancellationToken);
        return new DiskUse(packed - _emptyBytes, "growth of the database, without the room of rows that are gone") { TransientBytes = written - packed };
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _listening;
        await _source.DisposeAsync();
        await _server.DisposeAsync();
        _stopping.Dispose();
    }

    private static async Task<string> SchemaAsync(CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(typeof(PostgreSqlPeer).Assembly.GetManifestResourceStream(typeof(PostgreSqlPeer), "Schema.sql")!);
        return await reader.ReadToEndAsync(cancellationToken);
    }

    private async Task ListenAsync(NpgsqlConnection listener)
    {
        await using (listener)
        {
            try
            {
                while (true)
                {
                    await listener.WaitAsync(_stopping.Token);
                }
            }
            catch (OperationCanceledException)
            {
                // It ends with the peer.
            }
        }
    }

    /// <summary>Takes a notification, for example <c>31 high</c> or <c>31 normal</c>.</summary>
    private void Receive(string payload)
    {
        var now = Stopwatch.GetTimestamp();
        var parts = payload.Split(' ');
        _alerts.Writer.TryWrite(new ParentAlert(int.Parse(parts[0], CultureInfo.InvariantCulture), parts[1] == "high", now));
    }

    private Task<long> BytesAsync(CancellationToken cancellationToken) =>
        ScalarAsync<long>("SELECT pg_database_size(current_database())", cancellationToken);

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = _source.CreateCommand(sql);
        command.CommandTimeout = 0; // To tidy large tables up takes long.
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<T> ScalarAsync<T>(string sql, CancellationToken cancellationToken)
    {
        await using var command = _source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
