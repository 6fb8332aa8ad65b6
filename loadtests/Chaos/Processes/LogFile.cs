namespace Monitoring.Chaos.Processes;

/// <summary>Keeps what a process writes, over all its lives.</summary>
internal sealed class LogFile(string path) : IDisposable
{
    private readonly StreamWriter _writer = new(path, append: true) { AutoFlush = true };

    /// <summary>Where it is.</summary>
    public string Path => path;

    /// <summary>Adds a line; may come from any thread.</summary>
    public void Add(string? line)
    {
        if (line is not null)
        {
            lock (_writer)
            {
                _writer.WriteLine(line);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();
}
