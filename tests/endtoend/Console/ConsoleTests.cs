using Monitoring.Infrastructure;
using Monitoring.Protocol.V1;

namespace Monitoring.Console;

public sealed class ConsoleTests(SharedGateway gateway, Browser browser) : IClassFixture<SharedGateway>, IClassFixture<Browser>
{
    [Fact]
    public async Task Indicators_PointArrives_ValueChangesWithoutReload()
    {
        var page = new ConsolePage(await browser.NewPageAsync(), gateway.Process.WebAddress);
        using var stream = await OpenAsync("console.values");
        await stream.SendAsync(1, PushStream.Good("browser/x", 41));
        await stream.AcknowledgedAsync(1);

        await page.OpenIndicatorsAsync();
        await page.ShowsAsync("Test value", "41");
        await stream.SendAsync(2, PushStream.Good("browser/x", 46));

        await page.ShowsAsync("Test value", "87");
        Assert.Empty(await page.SeriousViolationsAsync());
        await RestoreAsync(stream, 3, "browser/x", -87);
    }

    [Fact]
    public async Task Alerts_ThresholdCrossed_AlertEntersAndIsAcknowledged()
    {
        var page = new ConsolePage(await browser.NewPageAsync(), gateway.Process.WebAddress);
        await page.OpenAlertsAsync(TestDictionary.Department);
        using var stream = await OpenAsync("console.alerts");

        await stream.SendAsync(1, PushStream.Good("siren/x", TestDictionary.Enter));

        await page.OffersAcknowledgeAsync("siren");
        Assert.Empty(await page.SeriousViolationsAsync());
        await page.AcknowledgeAsync("siren", "Li Wei");
        await page.ShowsAsync("siren", "Li Wei");
        var request = new ListAlertsRequest { Department = TestDictionary.Department, PathPrefix = "siren" };
        var alerts = await gateway.Clients.Alerts.ListAsync(request, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("Li Wei", Assert.Single(alerts.Alerts).AcknowledgedBy);
        await RestoreAsync(stream, 2, "siren/x", -TestDictionary.Enter);
    }

    private async Task<PushStream> OpenAsync(string source) => (await PushStream.OpenAsync(gateway.Clients.Ingest, source)).Stream;

    /// <summary>Takes the sum back, so that the other tests of the gateway begin at 0.</summary>
    private static async Task RestoreAsync(PushStream stream, ulong sequence, string path, double value)
    {
        await stream.SendAsync(sequence, PushStream.Good(path, value));
        await stream.AcknowledgedAsync(sequence);
    }
}
