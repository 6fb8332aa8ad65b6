using System.Globalization;
using System.Net;
using System.Text.Json;
using Monitoring.Gateway;
using Monitoring.Infrastructure;

namespace Monitoring.Demo;

public sealed class DemoTests
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task Demo_FirstDay_EqualsTheFile()
    {
        await using var gateway = await GatewayProcess.StartAsync(
            TestContext.Current.CancellationToken, "--demo", "--demo-speed", "max", "--Demo:Days=1", "--Demo:Loop=false");

        await AssertEqualAsync(gateway);
    }

    [Fact]
    public async Task Demo_KilledInTheMiddle_EqualsTheFile()
    {
        var cancellationToken = TestContext.Current.CancellationToken;

        // A day within about six seconds, which leaves a middle to be killed in.
        await using var gateway = await GatewayProcess.StartAsync(
            cancellationToken, "--demo", "--demo-speed", "12000", "--Demo:Days=1", "--Demo:Loop=false");
        foreach (var part in new[] { 2_000, 8_000 })
        {
            var before = await Eventually.BecomesAsync(() => FlightsAsync(gateway), count => count >= part, _limit);
            Assert.InRange(before, part, 14_000);
            await gateway.KillAsync();
            await gateway.StartAgainAsync(cancellationToken);
        }

        await AssertEqualAsync(gateway);
    }

    private static async Task AssertEqualAsync(GatewayProcess gateway)
    {
        using var check = new ExternalProgram(
            "python3", Path.Combine(Repository.Root, "tests", "check-demo"), "--url", gateway.WebAddress.ToString().TrimEnd('/'), "--wait", "120");
        var exitCode = await check.EndedAsync(_limit * 2);
        Assert.True(exitCode == 0, $"{check.Text}{Environment.NewLine}{gateway.Output}");
        Assert.Contains(" 5 indicators, 0 differences", check.Text, StringComparison.Ordinal);
    }

    /// <summary>Flights so far, as REST tells them; 0 while there are none.</summary>
    private static async Task<long> FlightsAsync(GatewayProcess gateway)
    {
        var end = TimeProvider.System.GetUtcNow().AddDays(1).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        using var response = await gateway.Http.GetAsync(
            $"/v1/indicators/flights.count:history?total=true&startUnixMs=1&endUnixMs={end}", TestContext.Current.CancellationToken);
        if (response.StatusCode is not HttpStatusCode.OK)
        {
            return 0;
        }

        using var history = await JsonDocument.ParseAsync(
            await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken),
            cancellationToken: TestContext.Current.CancellationToken);
        if (!history.RootElement.TryGetProperty("buckets", out var buckets) || buckets.GetArrayLength() == 0)
        {
            return 0;
        }

        var count = buckets[0].GetProperty("aggregate").GetProperty("count");
        return count.ValueKind == JsonValueKind.String ? long.Parse(count.GetString()!, CultureInfo.InvariantCulture) : count.GetInt64();
    }
}
