using Monitoring.Alerting;
using Monitoring.Dictionary;
using Monitoring.Indicators;

namespace Monitoring.Gateway.Console;

/// <summary>A small dictionary and what hangs on it.</summary>
internal static class ConsoleSamples
{
    public const long Start = 1_700_000_000_000;

    public static IndicatorDefinition Delay { get; } = new()
    {
        Code = "flights.delay",
        Name = new() { Zh = "平均延误", En = "Average delay" },
        Unit = "min",
        Statistic = Statistic.Average,
        Breakdown = ["state", "airport"],
        Resolution = TimeSpan.FromMinutes(1),
        Period = new() { Kind = PeriodKind.Rolling, Length = TimeSpan.FromMinutes(5) },
        Owner = "noc",
        Rules =
        [
            new RuleDefinition
            {
                Id = "late",
                Name = new() { Zh = "延误偏高", En = "Running late" },
                Direction = RuleDirection.Above,
                Levels =
                [
                    new() { Level = AlertLevel.Warning, Enter = 20, Exit = 15 },
                    new() { Level = AlertLevel.Critical, Enter = 40, Exit = 30 },
                ],
            },
        ],
    };

    public static IndicatorDefinition Flights { get; } = new()
    {
        Code = "flights.count",
        Name = new() { Zh = "航班量", En = "Flights" },
        Statistic = Statistic.Count,
        Breakdown = ["state"],
        Resolution = TimeSpan.FromMinutes(1),
        Period = new() { Kind = PeriodKind.Day, TimeZone = "Asia/Shanghai" },
        Owner = "punctuality",
    };

    public static DictionarySnapshot Dictionary { get; } = new()
    {
        Version = 1,
        Indicators = [Delay, Flights],
        Departments =
        [
            new() { Id = "noc", Name = new() { Zh = "运行中心", En = "Operations centre" }, Subscriptions = [new() { Indicator = "flights.*" }] },
            new() { Id = "punctuality", Name = new() { Zh = "准点办", En = "Punctuality office" } },
        ],
    };

    public static NodeReading Reading(string code, string path, double? value, AlertLevel level = AlertLevel.None) => new()
    {
        Key = new NodeKey(code, path),
        Value = value,
        Aggregate = value is { } number ? new Aggregate(Start, number) : default,
        PeriodStart = Start,
        PeriodEnd = Start + 300_000,
        NewestPoint = Start,
        Rules = level == AlertLevel.None
            ? []
            : [new RuleStatus { Rule = "late", Phase = RulePhase.Firing, Level = level, Since = Start, AlertId = "x" }],
    };

    public static Alert Alert(
        string id, string path, AlertLevel level, long startedAt = Start, TransitionKind kind = TransitionKind.Firing, string person = "") =>
        new()
        {
            Transitions = 1,
            ChangedAt = startedAt,
            Acknowledgement = person.Length == 0 ? null : new() { Person = person, Comment = "on it", Time = startedAt },
            Last = new()
            {
                AlertId = id,
                Node = new NodeKey(Delay.Code, path),
                Rule = "late",
                Kind = kind,
                Level = level,
                PeakLevel = level,
                Time = startedAt,
                StartedAt = startedAt,
                Value = 45.5,
                Threshold = 40,
                WindowStart = startedAt - 300_000,
                WindowEnd = startedAt,
                WindowPoints = 30,
                DictionaryVersion = 1,
            },
        };
}
