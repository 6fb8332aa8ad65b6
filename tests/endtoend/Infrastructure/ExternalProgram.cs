using System.Diagnostics;

namespace Monitoring.Infrastructure;

/// <summary>A program in another language that a test runs, with the lines it writes.</summary>
internal sealed class ExternalProgram : IDisposable
{
    private readonly Process _process;
    private readonly List<string> _lines = [];

    public ExternalProgram(string program, params ReadOnlySpan<string> arguments)
    {
        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = Repository.Root,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Identity of its process.</summary>
    public int Id => _process.Id;

    /// <summary>What it wrote so far.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>What it wrote so far, as one text.</summary>
    public string Text => string.Join(Environment.NewLine, Lines);

    /// <summary>Waits until it has written a line that contains a text.</summary>
    public async Task WroteAsync(string text)
    {
        await Eventually.TrueAsync(
            () => Lines.Any(line => line.Contains(text, StringComparison.Ordinal)) || _process.HasExited, TimeSpan.FromSeconds(60));
        await DrainIfEndedAsync();
        Assert.Contains(text, Text, StringComparison.Ordinal);
    }

    /// <summary>Waits until it has ended.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> EndedAsync(TimeSpan limit)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        ending.CancelAfter(limit);
        await _process.WaitForExitAsync(ending.Token);
        return _process.ExitCode;
    }

    /// <summary>Ends it at once, without a chance to tidy up (SIGKILL).</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private async Task DrainIfEndedAsync()
    {
        if (_process.HasExited)
        {
            await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            lock (_lines)
            {
                _lines.Add(line);
            }
        }
    }
}
