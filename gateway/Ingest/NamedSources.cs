namespace Monitoring.Gateway.Ingest;

/// <summary>Sources that a metric names: the first that come, up to a number, since every name is a series. Thread-safe.</summary>
internal sealed class NamedSources
{
    /// <summary>Stands for all others; no source can bear it.</summary>
    public const string Others = "(others)";

    private readonly Lock _gate = new();
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>The name to count a source under.</summary>
    public string NameOf(string source, int maxNamed)
    {
        lock (_gate)
        {
            return _names.Contains(source) || (_names.Count < maxNamed && _names.Add(source)) ? source : Others;
        }
    }
}
