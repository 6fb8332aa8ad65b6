using System.Collections.Immutable;
using Monitoring.Alerting;
using Monitoring.Dictionary;
using Monitoring.Indicators;

namespace Monitoring.Recovery;

/// <summary>The dictionary of a run, which changes on the way.</summary>
internal static class RunDictionary
{
    public const string Last = "load.last";
    public const string Sum = "load.sum";

    /// <summary>Points that are older than this when they arrive are kept apart, in milliseconds.</summary>
    public const long Lateness = 120_000;

    /// <summary>The dictionary of a version.</summary>
    public static DictionarySnapshot Of(int version) => new()
    {
        Version = version,
        Departments =
        [
            Department("all", new Subscription { Indicator = "*" }),
            Department("west", new Subscription { Indicator = "*", Path = version == 2 ? "b/**" : "a/**", Level = AlertLevel.Critical }),
        ],
        Indicators =
        [
            Indicator(Last, Statistic.Last, version == 1 ? 5 : 8, version == 2 ? 120 : 100),
            Indicator(Sum, Statistic.Sum, version == 3 ? 4 : 6, version == 3 ? 250 : 200),
        ],
    };

    private static DepartmentDefinition Department(string id, Subscription subscription) =>
        new() { Id = id, Name = new LocalizedText { En = id }, Subscriptions = [subscription] };

    private static IndicatorDefinition Indicator(string code, Statistic statistic, int seconds, double threshold) => new()
    {
        Code = code,
        Name = new LocalizedText { En = code },
        Statistic = statistic,
        Breakdown = ["region", "site", "unit"],
        Resolution = TimeSpan.FromSeconds(1),
        Period = new Period { Kind = PeriodKind.Rolling, Length = TimeSpan.FromSeconds(seconds) },
        Owner = "all",
        Lateness = TimeSpan.FromMilliseconds(Lateness),
        Rules =
        [
            new RuleDefinition
            {
                Id = "high",
                Name = new LocalizedText { En = "High" },
                Direction = RuleDirection.Above,
                Levels = ImmutableArray.Create(
                    new LevelDefinition { Level = AlertLevel.Warning, Enter = threshold, Exit = threshold / 2 },
                    new LevelDefinition { Level = AlertLevel.Critical, Enter = threshold * 1.5, Exit = threshold, For = TimeSpan.FromMilliseconds(700) }),
            },
        ],
    };
}
