using System.Collections.Immutable;
using Monitoring.Alerting;
using Monitoring.Dictionary;
using Monitoring.Gateway.Console.Language;

namespace Monitoring.Gateway.Console.Alerts;

/// <summary>Which alerts a list shows.</summary>
/// <param name="Levels">Empty means all.</param>
/// <param name="Text">Part of an indicator's name or code, a path or a rule; empty means all.</param>
public sealed record AlertListFilter(ImmutableArray<AlertLevel> Levels, string Text)
{
    /// <summary>Longest text that is searched for, in characters.</summary>
    public const int MaxTextLength = 200;

    /// <summary>Reads the filter from an address: levels by name joined by ',', unknown ones are ignored.</summary>
    public static AlertListFilter Parse(string? levels, string? text) => new(
        [.. (levels ?? string.Empty).Split(',', 10)
            .Select(name => Enum.TryParse<AlertLevel>(name, ignoreCase: true, out var level) ? level : AlertLevel.None)
            .Where(level => level is AlertLevel.Info or AlertLevel.Warning or AlertLevel.Critical)
            .Distinct()
            .OrderDescending()],
        text is { Length: <= MaxTextLength } ? text.Trim() : string.Empty);

    /// <summary>The levels as <see cref="Parse"/> reads them; null for all.</summary>
    public string? LevelNames => Levels.IsEmpty ? null : string.Join(',', Levels).ToLowerInvariant();

    /// <summary>The filter with one level put in or taken out.</summary>
    public AlertListFilter Toggle(AlertLevel level) => this with
    {
        Levels = Levels.Contains(level) ? Levels.Remove(level) : [.. Levels.Add(level).OrderDescending()],
    };

    /// <summary>True when a row is shown.</summary>
    public bool Shows(AlertRow row, string code) =>
        (Levels.IsEmpty || Levels.Contains(row.Level))
        && (Text.Length == 0
            || row.Title.Contains(Text, StringComparison.CurrentCultureIgnoreCase)
            || row.Rule.Contains(Text, StringComparison.CurrentCultureIgnoreCase)
            || code.Contains(Text, StringComparison.OrdinalIgnoreCase));
}

/// <summary>A live list of alerts: most severe on top, then newest, and it knows which ones came while somebody was looking.</summary>
internal sealed class AlertList
{
    private bool _isSeen;
    private HashSet<string> _entered = [];

    /// <summary>Alerts that entered with the last update, whatever the filter shows; empty after the first one.</summary>
    public ImmutableArray<AlertRow> JustEntered { get; private set; } = [];

    /// <summary>Ids of every alert of the last update.</summary>
    public ImmutableHashSet<string> OpenIds { get; private set; } = [];

    /// <summary>The rows to show.</summary>
    public ImmutableArray<AlertRow> Rows { get; private set; } = [];

    /// <summary>Takes the alerts as they stand now.</summary>
    public void Update(IEnumerable<Alert> alerts, DictionarySnapshot dictionary, Viewer viewer, AlertListFilter filter)
    {
        var ordered = alerts
            .OrderByDescending(alert => alert.Last.Level)
            .ThenByDescending(alert => alert.Last.StartedAt)
            .ThenByDescending(alert => alert.Id, StringComparer.Ordinal)
            .ToList();
        var all = AlertRow.ListOf(ordered, dictionary, viewer).ToList();
        JustEntered = _isSeen ? [.. all.Where(item => !OpenIds.Contains(item.Row.Id)).Select(item => item.Row)] : [];
        OpenIds = [.. all.Select(item => item.Row.Id)];
        _isSeen = true;
        _entered.IntersectWith(OpenIds);
        _entered.UnionWith(JustEntered.Select(row => row.Id));
        Rows =
        [
            .. all.Where(item => filter.Shows(item.Row, item.Code))
                .Select(item => item.Row with { IsNew = _entered.Contains(item.Row.Id) }),
        ];
    }

    /// <summary>Forgets what was seen: the next update is a first one.</summary>
    public void Reset() => (_isSeen, _entered, OpenIds, JustEntered, Rows) = (false, [], [], [], []);
}
