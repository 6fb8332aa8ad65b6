using Monitoring.Chaos.Faults;
using Monitoring.Processes;
using Monitoring.Storage;

namespace Monitoring.Chaos.Processes;

/// <summary>The database of the centre: a PostgreSQL server of its own.</summary>
/// <param name="server">The server; it runs already, and ends with this.</param>
/// <param name="folder">Where its log is kept.</param>
internal sealed class PostgreSqlProcess(PostgreSqlServer server, string folder) : ICentreProcess
{
    private readonly SemaphoreSlim _starting = new(1);
    private bool _isWanted = true;

    /// <inheritdoc/>
    public ProcessRole Role => ProcessRole.Database;

    /// <inheritdoc/>
    public string Name => "postgresql";

    /// <summary>The database that is used.</summary>
    public string ConnectionString => server.FirstDatabase;

    /// <inheritdoc/>
    public int? Id => server.ProcessId;

    /// <inheritdoc/>
    public bool HasFallen => _isWanted && Id is null;

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _starting.WaitAsync(cancellationToken);
        try
        {
            if (Id is null)
            {
                await server.ResumeAsync();
            }

            _isWanted = true;
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <inheritdoc/>
    public Task KillAsync()
    {
        _isWanted = false;
        return server.CrashAsync();
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => KillAsync();

    /// <inheritdoc/>
    public void Pause()
    {
        // The first process first, so that it makes no new ones meanwhile.
        if (Id is { } first)
        {
            Signals.Send(first, Signals.Stop);
            foreach (var child in ChildProcesses.Of(first))
            {
                Signals.TrySend(child, Signals.Stop);
            }
        }
    }

    /// <inheritdoc/>
    public void Resume()
    {
        if (Id is { } first)
        {
            foreach (var child in ChildProcesses.Of(first))
            {
                Signals.TrySend(child, Signals.Continue);
            }

            Signals.Send(first, Signals.Continue);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _isWanted = false;
        Resume();
        if (File.Exists(server.Log))
        {
            File.Copy(server.Log, Path.Combine(folder, $"{Name}.log"), overwrite: true);
        }

        await server.DisposeAsync();
        _starting.Dispose();
    }
}
