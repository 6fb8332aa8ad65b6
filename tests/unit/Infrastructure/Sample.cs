using Monitoring.Alerting;
using Monitoring.Indicators;

namespace Monitoring.Infrastructure;

/// <summary>Records with every required field set, for tests that care about a few of them.</summary>
internal static class Sample
{
    public static readonly NodeKey Node = new("flights.delay", "GA/ATL");

    public static AlertTransition Transition(string alertId, TransitionKind kind, long time = 1_000) => new()
    {
        AlertId = alertId,
        Node = Node,
        Rule = "high",
        Kind = kind,
        Level = AlertLevel.Warning,
        PeakLevel = AlertLevel.Critical,
        Time = time,
        StartedAt = 1_000,
        Value = 42.5,
        Threshold = 40,
        WindowStart = 0,
        WindowEnd = 60_000,
        WindowPoints = 7,
        DictionaryVersion = 3,
    };
}
