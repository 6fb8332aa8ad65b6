using System.Collections.Immutable;
using Monitoring.Alerting;
using Monitoring.Indicators;

namespace Monitoring.Dictionary;

/// <summary>Mistakes that only records can have, because a file has no way to write them.</summary>
public sealed class RecordsTests
{
    private static readonly DictionaryContent Valid = DictionaryFile.ReadValid(DictionaryFile.Valid);

    private static IndicatorDefinition Indicator => Valid.Indicators[0];

    private static RuleDefinition Rule => Indicator.Rules[0];

    [Fact]
    public void Check_UndefinedEnums_AreRefused()
    {
        AssertMistake("indicators[0].statistic", "is not a statistic", Indicator with { Statistic = (Statistic)17 });
        AssertMistake("indicators[0].period", "is not a period", Indicator with { Period = new Period { Kind = (PeriodKind)9 } });
        AssertMistake("indicators[0].rules[0].when", "is not a direction", Rule with { Direction = (RuleDirection)5 });
        AssertMistake("indicators[0].rules[0].levels[1]", "is not a level", Rule with { Levels = [Rule.Levels[0], Rule.Levels[1] with { Level = AlertLevel.None }] });
    }

    [Fact]
    public void Check_LevelsOutOfOrderOrTwice_AreRefused()
    {
        AssertMistake("indicators[0].rules[0].levels.warning", "order info, warning, critical", Rule with { Levels = [Rule.Levels[1] with { Enter = 10, Exit = 9 }, Rule.Levels[0]] });
        AssertMistake("indicators[0].rules[0].levels.warning", "at most once", Rule with { Levels = [Rule.Levels[0], Rule.Levels[0]] });
        AssertMistake("indicators[0].rules[0].levels", "is empty", Rule with { Levels = [] });
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void Check_ThresholdsThatAreNotFinite_AreRefused(double threshold)
    {
        AssertMistake("indicators[0].rules[0].levels.warning.enter", "finite", Rule with { Levels = [Rule.Levels[0] with { Enter = threshold, Exit = threshold }] });
        AssertMistake("indicators[0].rules[0].levels.warning.exit", "finite", Rule with { Levels = [Rule.Levels[0] with { Exit = threshold }] });
    }

    [Fact]
    public void Check_RuleBelow_IsStricterDownwards()
    {
        var levels = ImmutableArray.Create(
            new LevelDefinition { Level = AlertLevel.Warning, Enter = 10, Exit = 12 }, new LevelDefinition { Level = AlertLevel.Critical, Enter = 5, Exit = 5 });

        Assert.Empty(Check(Rule with { Direction = RuleDirection.Below, Levels = levels }));
        AssertMistake("indicators[0].rules[0].levels.critical.enter", "must be less than that of warning, 10", Rule with { Direction = RuleDirection.Below, Levels = [levels[0], levels[1] with { Enter = 10, Exit = 10 }] });
        AssertMistake("indicators[0].rules[0].levels.warning.exit", "is below enter", Rule with { Direction = RuleDirection.Below, Levels = [levels[0] with { Exit = 9 }] });
    }

    [Fact]
    public void Check_SpansFinerThanMilliseconds_AreRefused()
    {
        var tick = TimeSpan.FromTicks(1);
        AssertMistake("indicators[0].resolution", "divide a day", Indicator with { Resolution = TimeSpan.FromMinutes(1) + tick });
        AssertMistake("indicators[0].rules[0].levels.warning.for", "whole milliseconds", Rule with { Levels = [Rule.Levels[0] with { For = tick }] });
        AssertMistake("indicators[0].rules[0].levels.warning.for", "0s to 7d", Rule with { Levels = [Rule.Levels[0] with { For = -TimeSpan.FromSeconds(1) }] });
    }

    [Fact]
    public void Check_PeriodWithBothKindsOfFields_IsRefused()
    {
        AssertMistake("indicators[0].period.rolling", "has no time zone", Indicator with { Period = Indicator.Period with { TimeZone = "UTC" } });
        AssertMistake("indicators[0].period.day", "has no length", Indicator with { Period = new Period { Kind = PeriodKind.Day, TimeZone = "UTC", Length = TimeSpan.FromHours(1) } });
    }

    [Fact]
    public void Check_HalfASurrogatePair_IsRefused() =>
        AssertMistake("indicators[0].name.en", "half a surrogate pair", Indicator with { Name = new LocalizedText { Zh = "好", En = "a\ud83d" } });

    [Fact]
    public void Check_SubscriptionWithoutLevel_IsRefused() => Assert.Equal(
        "departments[0].subscriptions[0].level",
        Assert.Single(DictionaryRules.Check(
            Valid with { Departments = [Valid.Departments[0] with { Subscriptions = [new Subscription { Indicator = "*", Level = AlertLevel.None }] }] },
            DictionaryFile.Options)).Field);

    private static void AssertMistake(string field, string fragment, RuleDefinition rule) => AssertMistake(field, fragment, Indicator with { Rules = [rule] });

    private static void AssertMistake(string field, string fragment, IndicatorDefinition indicator)
    {
        var mistake = Assert.Single(Check(indicator), mistake => mistake.Field == field);
        Assert.Contains(fragment, mistake.Message, StringComparison.Ordinal);
    }

    private static List<FieldMistake> Check(RuleDefinition rule) => Check(Indicator with { Rules = [rule] });

    private static List<FieldMistake> Check(IndicatorDefinition indicator) =>
        [.. DictionaryRules.Check(Valid with { Indicators = [indicator] }, DictionaryFile.Options)];
}
