using CsCheck;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Monitoring.Gateway.Ingest;

namespace Monitoring.Ingest;

public sealed class PointBudgetTests
{
    [Fact]
    public void Spend_AnyBatches_NeverMoreThanBurstRateAndOneBatch() =>
        Gen.Select(Gen.Int[1, 50], Gen.Int[1, 100], Gen.Select(Gen.Int[1, 80], Gen.Int[0, 3_000]).Array[1, 50]).Sample((rate, burst, steps) =>
        {
            var clock = new FakeTimeProvider();
            var started = clock.GetTimestamp();
            var budget = new PointBudget(rate, burst, clock);
            var batches = new List<(double At, int Points)>();
            foreach (var (points, idle) in steps)
            {
                batches.Add((clock.GetElapsedTime(started).TotalSeconds, points));
                clock.Advance(budget.Spend(points) + TimeSpan.FromMilliseconds(idle) + TimeSpan.FromTicks(1));
            }

            for (var first = 0; first < batches.Count; first++)
            {
                // Of any span: all but its last batch is within what the budget had at most when the span began, and got since.
                var spent = 0;
                foreach (var (at, points) in batches[first..])
                {
                    Assert.True(spent <= burst + (rate * (at - batches[first].At)) + 1e-3);
                    spent += points;
                }
            }
        });

    [Fact]
    public void Spend_SourceSendsLessThanItsRate_NeverWaits()
    {
        var clock = new FakeTimeProvider();
        var budget = new PointBudget(pointsPerSecond: 100, burst: 50, clock);
        for (var batch = 0; batch < 1_000; batch++)
        {
            Assert.Equal(TimeSpan.Zero, budget.Spend(50));
            clock.Advance(TimeSpan.FromMilliseconds(500));
        }

        Assert.Equal(TimeSpan.Zero, budget.Spend(50));
        Assert.Equal(TimeSpan.FromMilliseconds(250), budget.Spend(25));
    }

    [Fact]
    public void Of_SourceReconnects_GoesOnWithWhatItHadLeft()
    {
        var clock = new FakeTimeProvider();
        var budgets = Budgets(clock, new IngestOptions { SourcePointsPerSecond = 1, SourceBurstPoints = 10, Quotas = { ["free"] = new SourceQuota() } });

        budgets.Of("s")!.Spend(10);

        Assert.Equal(TimeSpan.FromSeconds(5), budgets.Of("s")!.Spend(5));
        Assert.Equal(TimeSpan.Zero, budgets.Of("t")!.Spend(10));
        Assert.Null(budgets.Of("free"));
    }

    [Fact]
    public void Of_ManySourcesComeAndGo_RemembersABoundedNumber()
    {
        var clock = new FakeTimeProvider();
        var budgets = Budgets(clock, new IngestOptions { SourcePointsPerSecond = 1, SourceBurstPoints = 10, MaxStreams = 5 });
        budgets.Of("owes")!.Spend(1_000);
        for (var number = 0; number < 100; number++)
        {
            budgets.Of($"owes-little-{number}")!.Spend(11);
            Assert.InRange(budgets.Count, 1, 10);
        }

        for (var number = 0; number < 100; number++)
        {
            budgets.Of($"s{number}")!.Spend(1);
            clock.Advance(TimeSpan.FromSeconds(1));
            Assert.InRange(budgets.Count, 1, 10);
        }

        Assert.True(budgets.Of("owes")!.Spend(1) > TimeSpan.FromSeconds(800));
    }

    [Fact]
    public void NameOf_MoreSourcesThanNames_CountsTheRestTogether()
    {
        var named = new NamedSources();
        Assert.Equal(["a", "b", NamedSources.Others, "a"], new[] { "a", "b", "c", "a" }.Select(source => named.NameOf(source, maxNamed: 2)));
    }

    [Theory]
    [InlineData("UPPER", 1, 1, "Ingest:Quotas:UPPER is not the name of a source")]
    [InlineData("s", -1, 1, "Ingest:Quotas:s:PointsPerSecond is '-1'")]
    [InlineData("s", 1, 0, "Ingest:Quotas:s:BurstPoints is '0'")]
    public void Validate_QuotaIsWrong_SaysWhich(string source, int pointsPerSecond, int burst, string expected)
    {
        var options = new IngestOptions { Quotas = { [source] = new SourceQuota { PointsPerSecond = pointsPerSecond, BurstPoints = burst } } };
        var mistake = Assert.Single(new IngestOptionsRules().Validate(null, options).Failures!);
        Assert.StartsWith(expected, mistake, StringComparison.Ordinal);
    }

    private static SourceBudgets Budgets(TimeProvider clock, IngestOptions options) => new(Options.Create(options), clock);
}
