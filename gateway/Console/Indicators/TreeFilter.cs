using Monitoring.Alerting;

namespace Monitoring.Gateway.Console.Indicators;

/// <summary>What of the tree is shown.</summary>
/// <param name="Text">Part of a name, code or path; empty shows all.</param>
/// <param name="Owner">Id of the owning department; empty shows all.</param>
/// <param name="MinLevel">Only nodes with an open alert of at least this level, there or below; None shows all.</param>
public sealed record TreeFilter(string Text, string Owner, AlertLevel MinLevel)
{
    private const int MaxTextLength = 200;

    /// <summary>Reads the filter from an address; nonsense shows all.</summary>
    public static TreeFilter Parse(string? text, string? owner, string? level) => new(
        text is { Length: <= MaxTextLength } ? text.Trim() : string.Empty,
        owner ?? string.Empty,
        Enum.TryParse<AlertLevel>(level, ignoreCase: true, out var parsed) && Enum.IsDefined(parsed) ? parsed : AlertLevel.None);

    /// <summary>True when something may be hidden.</summary>
    public bool IsActive => Text.Length > 0 || Owner.Length > 0 || MinLevel != AlertLevel.None;
}
