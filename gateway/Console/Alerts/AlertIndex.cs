using System.Collections.Immutable;
using Monitoring.Alerting;
using Monitoring.Indicators;

namespace Monitoring.Gateway.Console.Alerts;

/// <summary>Number of alerts by level.</summary>
public readonly record struct AlertCounts(int Info, int Warning, int Critical)
{
    /// <summary>All of them.</summary>
    public int Total => Info + Warning + Critical;

    /// <summary>The highest level that occurs.</summary>
    public AlertLevel Highest => (Critical, Warning, Info) switch
    {
        ( > 0, _, _) => AlertLevel.Critical,
        (_, > 0, _) => AlertLevel.Warning,
        (_, _, > 0) => AlertLevel.Info,
        _ => AlertLevel.None,
    };

    /// <summary>Number of one level.</summary>
    public int Of(AlertLevel level) => level switch
    {
        AlertLevel.Info => Info,
        AlertLevel.Warning => Warning,
        AlertLevel.Critical => Critical,
        _ => 0,
    };

    /// <summary>One more.</summary>
    public AlertCounts Add(AlertLevel level) => level switch
    {
        AlertLevel.Info => this with { Info = Info + 1 },
        AlertLevel.Warning => this with { Warning = Warning + 1 },
        AlertLevel.Critical => this with { Critical = Critical + 1 },
        _ => this,
    };
}

/// <summary>Open alerts by node; immutable.</summary>
public sealed class AlertIndex
{
    private readonly Dictionary<NodeKey, AlertCounts> _atOrBelow = [];
    private readonly Dictionary<NodeKey, AlertCounts> _at = [];
    private readonly ImmutableArray<Alert> _alerts;

    private AlertIndex(ImmutableArray<Alert> alerts)
    {
        _alerts = alerts;
        foreach (var alert in alerts)
        {
            var (node, level) = (alert.Last.Node, alert.Last.Level);
            Total = Total.Add(level);
            _at[node] = _at.GetValueOrDefault(node).Add(level);
            for (var above = node; above is not null; above = above.Parent())
            {
                _atOrBelow[above] = _atOrBelow.GetValueOrDefault(above).Add(level);
            }
        }
    }

    /// <summary>All alerts.</summary>
    public AlertCounts Total { get; }

    /// <summary>The index of some alerts.</summary>
    public static AlertIndex Of(IEnumerable<Alert> alerts) => new([.. alerts]);

    /// <summary>Alerts on a node.</summary>
    public AlertCounts At(NodeKey node) => _at.GetValueOrDefault(node);

    /// <summary>Alerts on a node and all below it.</summary>
    public AlertCounts AtOrBelow(NodeKey node) => _atOrBelow.GetValueOrDefault(node);

    /// <summary>The alerts on a node and all below it, most severe first, then newest.</summary>
    public IEnumerable<Alert> ListAtOrBelow(NodeKey node) =>
        _alerts.Where(alert => IsAtOrBelow(alert.Last.Node, node))
            .OrderByDescending(alert => alert.Last.Level)
            .ThenByDescending(alert => alert.Last.StartedAt);

    /// <summary>True when a node is another one or lies below it.</summary>
    public static bool IsAtOrBelow(NodeKey node, NodeKey top) =>
        node.Code == top.Code
        && (top.Path.Length == 0
            || (node.Path.StartsWith(top.Path, StringComparison.Ordinal)
                && (node.Path.Length == top.Path.Length || node.Path[top.Path.Length] == '/')));
}
