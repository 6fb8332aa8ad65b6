using System.Buffers;

namespace Monitoring.Gateway.Ingest;

/// <summary>The rule for names of sources.</summary>
internal static class SourceName
{
    private const int MaxLength = 100;
    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>What is wrong with a name, or null when nothing is.</summary>
    public static string? Mistake(string name) =>
        name.Length is 0 or > MaxLength || name.AsSpan().ContainsAnyExcept(Allowed)
            ? $"Hello.source must be 1 to {MaxLength} characters of a-z, 0-9, '.', '_', '-'"
            : null;
}
