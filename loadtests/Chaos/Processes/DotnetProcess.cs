using System.Diagnostics;
using Monitoring.Chaos.Faults;
using Monitoring.Chaos.Network;

namespace Monitoring.Chaos.Processes;

/// <summary>A silo or a gateway in a process of its own.</summary>
/// <param name="role">What it is.</param>
/// <param name="name">For a person.</param>
/// <param name="program">The program's file.</param>
/// <param name="place">Where it runs.</param>
/// <param name="health">Says whether it is ready.</param>
/// <param name="folder">Where its log goes.</param>
/// <param name="arguments">Its configuration.</param>
internal sealed class DotnetProcess(
    ProcessRole role, string name, string program, Place place, Uri health, string folder, IReadOnlyList<string> arguments)
    : ICentreProcess
{
    private static readonly TimeSpan _startLimit = TimeSpan.FromSeconds(180);
    private static readonly TimeSpan _stopLimit = TimeSpan.FromSeconds(180);
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);

    private readonly HttpClient _http = new(place.CreateHandler()) { Timeout = TimeSpan.FromSeconds(5) };
    private readonly LogFile _log = new(Path.Combine(folder, $"{name}.log"));
    private readonly SemaphoreSlim _starting = new(1);
    private Process? _process;
    private bool _isWanted;

    /// <inheritdoc/>
    public ProcessRole Role => role;

    /// <summary>Where it says whether it is ready.</summary>
    public Uri Health => health;

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public int? Id => _process is { HasExited: false } running ? running.Id : null;

    /// <inheritdoc/>
    public bool HasFallen => _isWanted && Id is null;

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _starting.WaitAsync(cancellationToken);
        try
        {
            await StartOnceAsync(cancellationToken);
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <inheritdoc/>
    public async Task KillAsync()
    {
        _isWanted = false;
        if (_process is { HasExited: false } running)
        {
            running.Kill();
            await running.WaitForExitAsync();
        }
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _isWanted = false;
        if (Id is not { } id)
        {
            return;
        }

        Signals.Send(id, Signals.Terminate);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_stopLimit);
        try
        {
            await _process!.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new InvalidOperationException($"{name} did not end within {_stopLimit.TotalSeconds} s; see {_log.Path}", late);
        }
    }

    /// <inheritdoc/>
    public void Pause() => Signal(Signals.Stop);

    /// <inheritdoc/>
    public void Resume() => Signal(Signals.Continue);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process?.Dispose();
        _http.Dispose();
        _starting.Dispose();
        _log.Dispose();
    }

    private async Task StartOnceAsync(CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(_pause);
        do
        {
            if (Id is null)
            {
                Launch();
            }

            if (await IsReadyAsync(cancellationToken))
            {
                return;
            }
        }
        while (Stopwatch.GetElapsedTime(began) < _startLimit && await timer.WaitForNextTickAsync(cancellationToken));

        throw new InvalidOperationException($"{name} did not become ready within {_startLimit.TotalSeconds} s; see {_log.Path}");
    }

    private void Launch()
    {
        // What is started in the background ignores SIGINT, and so would its children.
        string[] command = [.. place.Launcher, "env", "--default-signal=INT", "dotnet", "exec", program, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = Path.GetDirectoryName(program),
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        _process?.Dispose();
        _process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
        _process.OutputDataReceived += (_, line) => _log.Add(line.Data);
        _process.ErrorDataReceived += (_, line) => _log.Add(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        _isWanted = true;
        _log.Add($"-- {TimeProvider.System.GetUtcNow():HH:mm:ss.fff} started as {_process.Id}");
    }

    private void Signal(int signal)
    {
        if (Id is { } id)
        {
            _log.Add($"-- {TimeProvider.System.GetUtcNow():HH:mm:ss.fff} signal {signal}");
            Signals.Send(id, signal);
        }
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.GetAsync(health, cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (Exception notYet) when (notYet is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
