using Monitoring.Alerting;
using Monitoring.Gateway.Console.Alerts;
using Monitoring.Indicators;

namespace Monitoring.Gateway.Console.Indicators;

/// <summary>The level a node stands at by itself.</summary>
internal static class NodeLevel
{
    /// <summary>
    /// The highest level that fires on a node: by its rules, of which some no department subscribed to, or by the open alerts, which are
    /// told sooner.
    /// </summary>
    public static AlertLevel Of(NodeKey key, NodeReading? reading, AlertIndex alerts)
    {
        var known = alerts.At(key).Highest;
        var firing = reading?.Rules.Where(rule => rule.Phase == RulePhase.Firing).Select(rule => rule.Level).DefaultIfEmpty().Max();
        return firing > known ? firing.Value : known;
    }
}
