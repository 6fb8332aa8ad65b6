using Monitoring.Indicators;

namespace Monitoring.Gateway.Indicators;

/// <summary>Decides whether a watcher has something new to see. Pure.</summary>
internal static class NodeChange
{
    /// <summary>True when anything but the mere passing of the period differs.</summary>
    public static bool IsChange(NodeReading before, NodeReading after) =>
        before.Value != after.Value
        || before.NewestPoint != after.NewestPoint
        || before.Aggregate != after.Aggregate
        || !before.Rules.AsSpan().SequenceEqual(after.Rules.AsSpan());
}
