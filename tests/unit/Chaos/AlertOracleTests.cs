using Monitoring.Chaos.Input;

namespace Monitoring.Chaos.Oracle;

public sealed class AlertOracleTests
{
    private static readonly InputRule Above = new(
        InputIndicator.Load, "rule", "**", IsAbove: true, [new InputLevel("warning", 10, 5, 0), new InputLevel("critical", 20, 15, 1)]);

    private static readonly LoggedTransition[] Whole =
    [
        Entry(1, "a", 1, StepKind.Firing, level: 2, peak: 2),
        Entry(2, "b", 1, StepKind.Firing, level: 3, peak: 3, path: "r0/a1"),
        Entry(3, "a", 2, StepKind.Escalated, level: 3, peak: 3),
        Entry(4, "a", 3, StepKind.Deescalated, level: 2, peak: 3),
        Entry(5, "a", 4, StepKind.Resolved, level: 2, peak: 3),
        Entry(6, "c", 1, StepKind.Firing, level: 2, peak: 2),
    ];

    [Fact]
    public void Lives_OfAWholeLog_AreRight() => Assert.Equal((0, 0), Lives(Whole));

    [Fact]
    public void Lives_WithAnEntryMissing_HaveGaps() =>
        Assert.All(Enumerable.Range(0, Whole.Length - 1), missing => Assert.True(Lives([.. Whole[..missing], .. Whole[(missing + 1)..]]).Gaps > 0));

    [Fact]
    public void Lives_WithAnEntryTwice_HaveRepeats() =>
        Assert.All(Whole, entry => Assert.True(Lives([.. Whole, entry with { Cursor = 7 }]).Repeats > 0));

    [Fact]
    public void Lives_WithASecondAlertWhileOneIsOpen_HaveGaps() =>
        Assert.True(Lives([.. Whole, Entry(7, "d", 1, StepKind.Firing, level: 2, peak: 2)]).Gaps > 0);

    [Fact]
    public void Overlap_OfASubscription_IsEveryStepFromItsLevelOn()
    {
        var crisis = new InputDepartment("crisis", "**", "critical");
        LoggedTransition[] log =
        [
            Whole[1] with { Cursor = 1 },
            Whole[2] with { Cursor = 2, Number = 1 },
            Whole[3] with { Cursor = 3, Number = 2 },
            Whole[4] with { Cursor = 4, Number = 3 },
        ];

        Assert.Equal((0, 0), Overlap(crisis, log));
        Assert.Equal((1, 0), Overlap(crisis, log[..^1]));
        Assert.Equal((1, 0), Overlap(crisis, log[1..]));
        Assert.Equal((0, 1), Overlap(crisis, [.. log, Whole[5] with { Cursor = 5 }]));
        Assert.Equal((0, 0), Overlap(new InputDepartment("area", "r0/*", "info"), [Whole[1] with { Cursor = 1 }]));
    }

    [Theory]
    [InlineData(20.0, 3, 3)]
    [InlineData(17.0, 2, 3)]
    [InlineData(12.0, 2, 2)]
    [InlineData(7.0, 0, 2)]
    [InlineData(4.0, 0, 0)]
    [InlineData(null, 0, 0)]
    public void Standing_OfAValue_IsBetweenItsThresholds(double? value, int least, int most) =>
        Assert.Equal((least, most), RuleStanding.Of(Above, value));

    [Theory]
    [InlineData("**", "", true)]
    [InlineData("", "", true)]
    [InlineData("", "r0", false)]
    [InlineData("*/*", "r0/a1", true)]
    [InlineData("*/*", "r0", false)]
    [InlineData("r0/**", "r0", true)]
    [InlineData("r0/**", "r0/a1/s2", true)]
    [InlineData("r0/**", "r1/a10", false)]
    public void Patterns_MatchAsDocumented(string pattern, string path, bool matches) =>
        Assert.Equal(matches, PathPatterns.Matches(pattern, path));

    private static (long Gaps, long Repeats) Lives(LoggedTransition[] log)
    {
        var verdict = new AlertVerdict();
        AlertLives.Check("everything", log, isWhole: true, verdict);
        return (verdict.Gaps, verdict.Repeats);
    }

    private static (long Gaps, long Repeats) Overlap(InputDepartment department, LoggedTransition[] log)
    {
        var verdict = new AlertVerdict();
        AlertOverlap.Check(department, log, Whole, verdict);
        return (verdict.Gaps, verdict.Repeats);
    }

    private static LoggedTransition Entry(long cursor, string alert, int number, StepKind kind, int level, int peak, string path = "r0") => new()
    {
        Cursor = cursor,
        AlertId = alert,
        Number = number,
        Kind = kind,
        Level = level,
        PeakLevel = peak,
        Time = 1_000 + cursor,
        Value = 12,
        IsOpen = kind != StepKind.Resolved,
        Subject = ("chaos.load", path, "rule"),
    };
}
