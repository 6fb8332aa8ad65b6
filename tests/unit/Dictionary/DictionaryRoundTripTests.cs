using CsCheck;

namespace Monitoring.Dictionary;

public sealed class DictionaryRoundTripTests
{
    [Fact]
    public void Rules_ValidDictionary_FindNothing() => GenDictionary.Content.Sample(content =>
        Assert.Empty(DictionaryRules.Check(content, DictionaryFile.Options)));

    [Fact]
    public void Write_ThenRead_GivesTheSameContent() => GenDictionary.Content.Sample(content =>
        Assert.Equal(
            DictionaryFile.Fingerprint(content), DictionaryFile.Fingerprint(DictionaryFile.ReadValid(DictionaryYamlWriter.Write(content)))));

    [Fact]
    public void Write_EqualTexts_MeanEqualContents() => Gen.Select(GenDictionary.Content, GenDictionary.Content).Sample((one, other) =>
        Assert.Equal(
            DictionaryFile.Fingerprint(one) == DictionaryFile.Fingerprint(other),
            DictionaryYamlWriter.Write(one) == DictionaryYamlWriter.Write(other)));

    [Fact]
    public void Duration_FormatThenParse_GivesTheSame() => Gen.Long[0, 400L * 86_400_000].Sample(milliseconds =>
    {
        var duration = TimeSpan.FromMilliseconds(milliseconds);
        Assert.True(DurationText.TryParse(DurationText.Format(duration), out var read));
        Assert.Equal(duration, read);
    });

    [Theory]
    [InlineData("90s", 90_000)]
    [InlineData("5m", 300_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("1d", 86_400_000)]
    [InlineData("500ms", 500)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("1d2h3m4s5ms", 93_784_005)]
    [InlineData("0", 0)]
    public void Duration_Valid_IsRead(string text, long milliseconds)
    {
        Assert.True(DurationText.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("m")]
    [InlineData("-5m")]
    [InlineData("1.5h")]
    [InlineData("5 m")]
    [InlineData("30m1h")]
    [InlineData("1m1m")]
    [InlineData("5M")]
    [InlineData("٥m")]
    [InlineData("999999999d")]
    [InlineData("99999999999999999999s")]
    public void Duration_Invalid_IsRefused(string text) => Assert.False(DurationText.TryParse(text, out _));

    [Fact]
    public void Read_Valid_GivesEveryField()
    {
        var content = DictionaryFile.ReadValid(DictionaryFile.Valid);
        var expected = new DictionaryContent
        {
            Departments =
            [
                new DepartmentDefinition
                {
                    Id = "noc",
                    Name = new LocalizedText { Zh = "全国运行中心", En = "National operations centre" },
                    Subscriptions = [new Subscription { Indicator = "flights.*", Path = "**", Level = Alerting.AlertLevel.Warning }],
                },
            ],
            Indicators =
            [
                new IndicatorDefinition
                {
                    Code = "flights.delay",
                    Name = new LocalizedText { Zh = "平均出发延误", En = "Departure delay" },
                    Description = new LocalizedText { Zh = "Mean of all departures.", En = "Mean of all departures." },
                    Unit = "min",
                    Statistic = Indicators.Statistic.Average,
                    Breakdown = ["state", "airport"],
                    Resolution = TimeSpan.FromMinutes(1),
                    Period = new Period { Kind = PeriodKind.Rolling, Length = TimeSpan.FromHours(1) },
                    Owner = "noc",
                    Rules =
                    [
                        new RuleDefinition
                        {
                            Id = "high",
                            Name = new LocalizedText { Zh = "延误过高", En = "Delay is high" },
                            Path = "*",
                            Direction = RuleDirection.Above,
                            MinPoints = 5,
                            Levels =
                            [
                                new LevelDefinition { Level = Alerting.AlertLevel.Warning, Enter = 20, Exit = 15, For = TimeSpan.FromMinutes(2) },
                                new LevelDefinition { Level = Alerting.AlertLevel.Critical, Enter = 40, Exit = 30 },
                            ],
                        },
                    ],
                },
            ],
        };

        Assert.Equal(DictionaryFile.Fingerprint(expected), DictionaryFile.Fingerprint(content));
    }

    [Fact]
    public void Read_FieldsLeftOut_GiveDefaults()
    {
        var content = DictionaryFile.ReadValid("""
            departments: [{ id: a, name: A, subscriptions: [{ indicator: x }] }]
            indicators:
              - code: x
                name: X
                statistic: sum
                resolution: 1d
                period: { day: UTC }
                owner: a
                unit:
                rules: [{ id: r, name: R, when: below, levels: { critical: { enter: 1 }, info: { enter: 2.5e0, exit: 3 } } }]
            """);

        var expected = new IndicatorDefinition
        {
            Code = "x",
            Name = new LocalizedText { Zh = "X", En = "X" },
            Statistic = Indicators.Statistic.Sum,
            Resolution = TimeSpan.FromDays(1),
            Period = new Period { Kind = PeriodKind.Day, TimeZone = "UTC" },
            Owner = "a",
            Rules =
            [
                new RuleDefinition
                {
                    Id = "r",
                    Name = new LocalizedText { Zh = "R", En = "R" },
                    Direction = RuleDirection.Below,
                    Levels =
                    [
                        new LevelDefinition { Level = Alerting.AlertLevel.Info, Enter = 2.5, Exit = 3 },
                        new LevelDefinition { Level = Alerting.AlertLevel.Critical, Enter = 1, Exit = 1 },
                    ],
                },
            ],
        };
        Assert.Equal(
            DictionaryFile.Fingerprint(new DictionaryContent { Indicators = [expected] }),
            DictionaryFile.Fingerprint(new DictionaryContent { Indicators = content.Indicators }));
        Assert.Equal(new Subscription { Indicator = "x" }, content.Departments[0].Subscriptions[0]);
    }
}
