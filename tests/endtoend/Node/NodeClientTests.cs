using System.Globalization;
using Monitoring.Gateway;
using Monitoring.Infrastructure;

namespace Monitoring.Node;

public sealed class NodeClientTests
{
    [Fact]
    public async Task Client_GatewayKilledBetween_PushesAndWatchesOnWithoutLossOrRepetition()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var gateway = await GatewayProcess.StartAsync(cancellationToken);
        using var clients = new GatewayClients(gateway);
        await clients.ApplyDictionaryAsync();
        using var watch = Run(gateway, "watch", TestDictionary.Department);
        await watch.WroteAsync("watching");

        using var push = Run(gateway, "push", "node.source", TestDictionary.Indicator, "node/x", "400", "700");
        Assert.Equal(0, await push.EndedAsync(TimeSpan.FromSeconds(30)));
        Assert.Contains("ack 2", push.Text, StringComparison.Ordinal);
        await watch.WroteAsync($"FIRING ALERT_LEVEL_WARNING {TestDictionary.Indicator}/node high value 1100");

        await gateway.KillAsync();
        using var again = Run(gateway, "push", "node.other", TestDictionary.Indicator, "node/x", "-900");
        await gateway.StartAgainAsync(cancellationToken);

        Assert.Equal(0, await again.EndedAsync(TimeSpan.FromSeconds(30)));
        await watch.WroteAsync("RESOLVED ALERT_LEVEL_WARNING");
        await Eventually.BecomesAsync(() => clients.TotalAsync("node/x"), now => now == new NodeTotal(3, 200, -900, 700));
        Assert.Equal(2, watch.Lines.Count(line => line.Contains("ALERT_LEVEL_WARNING", StringComparison.Ordinal)));
    }

    private static ExternalProgram Run(GatewayProcess gateway, params string[] arguments)
    {
        var folder = Path.Combine(Repository.Root, "tests", "node");
        Assert.True(Directory.Exists(Path.Combine(folder, "node_modules")), "Run 'npm ci' in tests/node first.");
        var address = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{gateway.GrpcAddress.Port}");
        return new ExternalProgram("node", [Path.Combine(folder, "client.mjs"), address, .. arguments]);
    }
}
