using System.Collections.Immutable;
using Monitoring.Alerting;

namespace Monitoring.Gateway.Console.Alerts;

/// <summary>How current the board is.</summary>
public enum FeedConnection
{
    /// <summary>Nothing was read yet.</summary>
    Connecting = 0,

    /// <summary>Every step arrives as it happens.</summary>
    Live = 1,

    /// <summary>The feed broke; the board shows what was known before.</summary>
    Lost = 2,
}

/// <summary>Open alerts of every department at one moment; immutable.</summary>
public sealed class AlertBoardState
{
    private static readonly ImmutableDictionary<string, Alert> None = ImmutableDictionary<string, Alert>.Empty;
    private readonly ImmutableDictionary<string, ImmutableDictionary<string, Alert>> _departments;
    private readonly Lazy<AlertIndex> _index;

    private AlertBoardState(ImmutableDictionary<string, ImmutableDictionary<string, Alert>> departments, FeedConnection connection)
    {
        _departments = departments;
        _index = new(() => AlertIndex.Of(_departments.Values.SelectMany(alerts => alerts.Values).DistinctBy(alert => alert.Id)));
        Connection = connection;
    }

    /// <summary>The board before anything was read.</summary>
    public static AlertBoardState Empty { get; } =
        new(ImmutableDictionary<string, ImmutableDictionary<string, Alert>>.Empty, FeedConnection.Connecting);

    /// <summary>How current this is.</summary>
    public FeedConnection Connection { get; }

    /// <summary>Alerts by node, each counted once however many departments know it.</summary>
    public AlertIndex Index => _index.Value;

    /// <summary>Open alerts of a department, in no particular order.</summary>
    public IEnumerable<Alert> Open(string department) => _departments.GetValueOrDefault(department, None).Values;

    /// <summary>Number of open alerts of a department by level.</summary>
    public AlertCounts Counts(string department) =>
        Open(department).Aggregate(new AlertCounts(), (counts, alert) => counts.Add(alert.Last.Level));

    /// <summary>The board after an alert changed: open ones are kept, resolved ones leave.</summary>
    public AlertBoardState With(string department, Alert alert)
    {
        var alerts = _departments.GetValueOrDefault(department, None);
        alerts = alert.IsOpen ? alerts.SetItem(alert.Id, alert) : alerts.Remove(alert.Id);
        return new(_departments.SetItem(department, alerts), Connection);
    }

    /// <summary>The same alerts, seen over another connection.</summary>
    public AlertBoardState With(FeedConnection connection) => connection == Connection ? this : new(_departments, connection);
}
