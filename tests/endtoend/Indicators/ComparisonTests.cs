using Grpc.Core;
using Monitoring.Gateway;
using Monitoring.Infrastructure;
using Monitoring.Protocol.V1;

namespace Monitoring.Indicators;

/// <summary>What the comparisons of a running centre say equals what a few lines compute from all points.</summary>
public sealed class ComparisonTests
{
    private const string Yaml = """
        departments: [{ id: shop, name: Shop }]
        indicators:
          - code: till.sales
            name: { zh: 销售额, en: Sales }
            statistic: sum
            breakdown: [region, till]
            resolution: 1m
            calendar: UTC
            period: day
            more_periods: [month, year, { rolling: 1h }]
            better: higher
            lateness: 36500d
            owner: shop
        """;

    private const long Hour = 3_600_000;
    private const long Day = 24 * Hour;

    [Fact]
    public async Task Get_Compared_EqualsWhatAllPointsSay()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var gateway = await GatewayProcess.StartAsync(cancellationToken);
        using var clients = new GatewayClients(gateway);
        Assert.Empty((await clients.Dictionary.ApplyAsync(new ApplyDictionaryRequest { Yaml = Yaml }, cancellationToken: cancellationToken)).Mistakes);
        var (random, begin) = (new Random(3), TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        var points = Enumerable.Range(0, 3_000).Select(_ => new Point
        {
            Indicator = "till.sales",
            Path = $"{(char)('a' + random.Next(2))}/{random.Next(3)}",
            TimeUnixMs = begin - random.NextInt64(random.Next(2) == 0 ? 60 * Day : 800 * Day),
            Value = random.Next(1, 100),
        }).ToArray();
        var (stream, _) = await PushStream.OpenAsync(clients.Ingest, "till");
        using (stream)
        {
            await stream.SendAsync(1, points);
            Assert.Equal(3_000u, (await stream.AcknowledgedAsync(1)).Accepted);
        }

        var request = new GetIndicatorRequest { Indicator = "till.sales", Path = "a", Compare = true, PeriodsBack = { 3 } };
        var thisYear = points.Where(point => point.Path[0] == 'a' && Start(point.TimeUnixMs, month: 1) == Start(begin, month: 1)).Sum(point => point.Value);
        var response = await Eventually.BecomesAsync(
            async () =>
            {
                try
                {
                    return await clients.Indicators.GetAsync(request, cancellationToken: cancellationToken);
                }
                catch (RpcException missing) when (missing.StatusCode == StatusCode.NotFound)
                {
                    return new GetIndicatorResponse(); // No point has come that far yet.
                }
            },
            found => found.Node?.MorePeriods[1].Value == thisYear,
            TimeSpan.FromSeconds(60));
        var end = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

        Assert.Equal(
            [CalendarPeriod.Day, CalendarPeriod.Month, CalendarPeriod.Year], response.Comparisons.Select(comparison => comparison.Period.Calendar));
        foreach (var comparison in response.Comparisons)
        {
            var present = PeriodOf(comparison.Period.Calendar, response.Node.PeriodStartUnixMs); // The day may just have changed.
            var value = comparison.Period.Calendar == CalendarPeriod.Day
                ? response.Node.Value : response.Node.MorePeriods.Single(more => more.Period.Equals(comparison.Period)).Value;
            AssertBase(comparison.Bases[0], ComparisonBase.Previous, PeriodOf(comparison.Period.Calendar, present.Start - 1), value);
            var yearAgo = DateTimeOffset.FromUnixTimeMilliseconds(present.Start).AddYears(-1).ToUnixTimeMilliseconds();
            AssertBase(comparison.Bases[1], ComparisonBase.YearBefore, PeriodOf(comparison.Period.Calendar, yearAgo), value);
            var back = present;
            for (var periods = 0; periods < 3; periods++)
            {
                back = PeriodOf(comparison.Period.Calendar, back.Start - 1);
            }

            Assert.Equal(3u, comparison.Bases[2].PeriodsBack);
            AssertBase(comparison.Bases[2], ComparisonBase.Back, back, value);

            void AssertBase(Comparison found, ComparisonBase expected, (long Start, long End) earlier, double value)
            {
                Assert.Equal((expected, earlier.Start), (found.Base, found.StartUnixMs));
                Assert.InRange(
                    found.EndUnixMs,
                    Math.Min(earlier.Start + (begin - present.Start), earlier.End),
                    Math.Min(earlier.Start + (end - present.Start) + Hour, earlier.End));
                var sum = points.Where(point => point.Path[0] == 'a' && point.TimeUnixMs >= found.StartUnixMs && point.TimeUnixMs < found.EndUnixMs)
                    .Sum(point => point.Value);
                Assert.Equal(sum > 0, found.HasValue);
                if (found.HasValue)
                {
                    Assert.Equal((sum, value - sum, 100 * (value - sum) / sum), (found.Value, found.Delta, found.Percent));
                    Assert.Equal(value > sum ? Trend.Better : value < sum ? Trend.Worse : Trend.Unspecified, found.Trend);
                }
            }
        }
    }

    private static (long Start, long End) PeriodOf(CalendarPeriod period, long time) => period switch
    {
        CalendarPeriod.Day => (time - (time % Day), time - (time % Day) + Day),
        CalendarPeriod.Month => (Start(time), Start(Start(time) + (32 * Day))),
        _ => (Start(time, month: 1), Start(Start(time, month: 1) + (370 * Day), month: 1)),
    };

    /// <summary>Start of the month of a time, or of a month of its year.</summary>
    private static long Start(long time, int? month = null)
    {
        var at = DateTimeOffset.FromUnixTimeMilliseconds(time);
        return new DateTimeOffset(at.Year, month ?? at.Month, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
    }
}
