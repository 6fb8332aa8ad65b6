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
        || !before.Rules.AsSpan().SequenceEqual(after.Rules.AsSpan())
        || HasOtherPeriods(before, after);

    // A point of yesterday changes the month, and nothing of the day.
    private static bool HasOtherPeriods(NodeReading before, NodeReading after)
    {
        if (before.MorePeriods.Length != after.MorePeriods.Length)
        {
            return true;
        }

        for (var index = 0; index < after.MorePeriods.Length; index++)
        {
            if (before.MorePeriods[index].Aggregate != after.MorePeriods[index].Aggregate)
            {
                return true;
            }
        }

        return false;
    }
}
