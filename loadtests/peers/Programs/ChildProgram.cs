using System.Diagnostics;
using System.Text.RegularExpressions;
using Monitoring.Measuring;

namespace Monitoring.Peers.Programs;

/// <summary>A program of a package that runs as a child process. It is killed when this is disposed.</summary>
internal sealed partial class ChildProgram : IAsyncDisposable
{
    private const string PackageTool = "dpkg-query";
    private const int MaxLines = 100;
    private static readonly TimeSpan _startLimit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly string _name;
    private readonly Queue<string> _output = new(); // The last hundred lines.

    private ChildProgram(string name, Process process)
    {
        (_name, _process) = (name, process);
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>CPU time so far, in seconds.</summary>
    public double CpuSeconds => ProcessUsage.CpuSecondsOfFamily(_process.Id);

    /// <summary>What it wrote last.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return string.Join(Environment.NewLine, _output);
            }
        }
    }

    /// <summary>Starts a program.</summary>
    /// <param name="name">Its name on the PATH.</param>
    /// <param name="folder">Where it runs.</param>
    /// <param name="arguments">Its arguments.</param>
    public static ChildProgram Start(string name, string folder, params ReadOnlySpan<string> arguments)
    {
        var start = StartOf(name, arguments);
        start.WorkingDirectory = folder;
        return new ChildProgram(name, Process.Start(start) ?? throw new InvalidOperationException($"{name} did not start."));
    }

    /// <summary>The version of a program, for example <c>2.42.0</c>; empty when neither it nor its package tells.</summary>
    public static async Task<string> VersionOfAsync(string name, CancellationToken cancellationToken)
    {
        var told = Version().Match(await OutputOfAsync(StartOf(name, "--version"), cancellationToken)).Value;

        // Debian's VictoriaMetrics does not know its version.
        return told.Length > 0 || InstalledProgram.Find(PackageTool) is null
            ? told
            : Version().Match(await OutputOfAsync(StartOf(PackageTool, "--show", "--showformat=${Version}", name), cancellationToken)).Value;
    }

    /// <summary>Waits until an address answers with success.</summary>
    /// <exception cref="InvalidOperationException">The program ended, or did not answer in time.</exception>
    public async Task WaitUntilReadyAsync(HttpClient http, Uri address, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await AnswersAsync(http, address, cancellationToken))
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(began) > _startLimit)
            {
                throw new InvalidOperationException($"{_name} did not become ready.{Environment.NewLine}{Output}");
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    [GeneratedRegex(@"\d+\.\d+\.\d+", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Version();

    private static ProcessStartInfo StartOf(string name, params ReadOnlySpan<string> arguments)
    {
        var file = InstalledProgram.Find(name) ?? throw new InvalidOperationException($"{name} is not on the PATH.");
        return new ProcessStartInfo(file, [.. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
    }

    private static async Task<string> OutputOfAsync(ProcessStartInfo start, CancellationToken cancellationToken)
    {
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return output + await error;
    }

    private static async Task<bool> AnswersAsync(HttpClient http, Uri address, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.GetAsync(address, cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private void Keep(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_output)
        {
            _output.Enqueue(line);
            if (_output.Count > MaxLines)
            {
                _output.Dequeue();
            }
        }
    }
}
