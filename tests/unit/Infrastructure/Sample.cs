using Monitoring.Alerting;
using Monitoring.Dictionary;
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

    public static IndicatorDefinition Indicator(Period period, TimeSpan resolution, params RuleDefinition[] rules) => new()
    {
        Code = Node.Code,
        Name = new LocalizedText { En = "Delay" },
        Statistic = Statistic.Sum,
        Breakdown = ["state", "airport"],
        Resolution = resolution,
        Period = period,
        Owner = "ops",
        Rules = [.. rules],
    };

    /// <summary>The image of a node of which these buckets are stored.</summary>
    public static NodeImage Image(params BucketRow[] buckets) => new() { State = null, Buckets = buckets };

    public static Period Rolling(TimeSpan length) => new() { Kind = PeriodKind.Rolling, Length = length };

    public static Period Day(string timeZone) => new() { Kind = PeriodKind.Day, TimeZone = timeZone };

    public static Period Of(PeriodKind kind) => new() { Kind = kind };

    public static RuleDefinition Rule(string id, params LevelDefinition[] levels) => new()
    {
        Id = id,
        Name = new LocalizedText { En = id },
        Direction = RuleDirection.Above,
        Levels = [.. levels],
    };

    /// <summary>A round of one entry, for partition 3 and dictionary version 4.</summary>
    public static NodeRound Round(long entry, long at, NodePart part, int partitions = 0) => new()
    {
        Partition = 3,
        PartitionCount = partitions,
        DictionaryVersion = 4,
        Entries = [new RoundEntry(entry, at)],
        Parts = [part],
    };
}
