using Grpc.Core;
using Monitoring.Gateway;
using Monitoring.Infrastructure;
using Monitoring.Protocol.V1;

namespace Monitoring.Hosting;

public sealed class CleanStopTests
{
    [Fact]
    public async Task Interrupt_OpenStreams_AsksToReconnectEndsWithCodeZeroAndGoesOn()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var gateway = await GatewayProcess.StartAsync(cancellationToken);
        using var clients = new GatewayClients(gateway);
        await clients.ApplyDictionaryAsync();
        var (push, _) = await PushStream.OpenAsync(clients.Ingest, "stop.source");
        using var stream = push;
        await stream.SendAsync(1, PushStream.Good("r/a", 7), PushStream.Good("r/b", 5));
        await stream.AcknowledgedAsync(1);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watcher = new AlertWatcher(clients.Alerts);
        var watching = watcher.RunAsync(ending.Token);

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        var exit = gateway.InterruptAsync(limit.Token);
        var reconnect = await stream.ReadAsync().WaitAsync(limit.Token);
        await stream.CompleteAsync();

        Assert.NotNull(reconnect?.Reconnect);
        Assert.Equal(StatusCode.OK, (await stream.EndAsync()).StatusCode);
        Assert.Equal(0, await exit);

        await gateway.StartAgainAsync(cancellationToken);
        var (next, welcome) = await PushStream.OpenAsync(clients.Ingest, "stop.source");
        using var second = next;
        Assert.Equal(1UL, welcome.AcknowledgedSequence);
        await second.SendAsync(2, PushStream.Good("r/a", TestDictionary.Enter));
        await second.AcknowledgedAsync(2);
        await Eventually.BecomesAsync(() => clients.TotalAsync(string.Empty), now => now is { Count: 3, Sum: TestDictionary.Enter + 12 });
        await watcher.SawAsync("r", TransitionKind.Firing);
        await ending.CancelAsync();
        await watching;
        Assert.Single(watcher.Events);
    }
}
