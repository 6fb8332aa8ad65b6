using System.Collections.Immutable;
using Monitoring.Alerting;

namespace Monitoring.Partitions;

/// <summary>
/// Which departments were told of each open alert. Whoever was told of an alert hears how it goes on and ends, even when its subscription
/// has changed meanwhile. Bounded by the number of open alerts.
/// </summary>
internal sealed class AlertAudience
{
    private readonly Dictionary<string, ImmutableArray<string>> _told = new(StringComparer.Ordinal);

    /// <summary>The departments that are told of a transition: those that subscribe now, and those that were told before.</summary>
    public ImmutableArray<string> Of(AlertTransition transition, ImmutableArray<string> subscribers)
    {
        var departments = _told.TryGetValue(transition.AlertId, out var told)
            ? told.AddRange(subscribers.Where(subscriber => !told.Contains(subscriber)))
            : subscribers;
        if (transition.Kind == TransitionKind.Resolved)
        {
            _told.Remove(transition.AlertId);
        }
        else if (!departments.IsEmpty)
        {
            _told[transition.AlertId] = departments;
        }

        return departments;
    }

    /// <summary>What must be stored.</summary>
    public ImmutableDictionary<string, ImmutableArray<string>> Store() => _told.ToImmutableDictionary();

    /// <summary>Takes over what was stored.</summary>
    public void Restore(ImmutableDictionary<string, ImmutableArray<string>> stored)
    {
        foreach (var (alert, departments) in stored)
        {
            _told[alert] = departments;
        }
    }
}
