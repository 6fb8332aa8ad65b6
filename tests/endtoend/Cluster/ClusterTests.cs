using System.Diagnostics;
using Monitoring.Infrastructure;
using Monitoring.Protocol.V1;

namespace Monitoring.Cluster;

public sealed class ClusterTests
{
    private const int Seed = 20_260_101;
    private const int Window = 64;

    [Fact]
    public async Task Push_ToOneGateway_IsReadAndWatchedAtTheOtherAlsoWhenTheFirstDies()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var cluster = await ClusterProcesses.StartAsync();
        var (first, second) = (cluster.Clients[0], cluster.Clients[1]);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watcher = new AlertWatcher(second.Alerts);
        var watching = watcher.RunAsync(ending.Token);

        var (push, _) = await PushStream.OpenAsync(first.Ingest, "cluster.source");
        using var stream = push;
        await stream.SendAsync(1, PushStream.Good("r/a", TestDictionary.Enter), PushStream.Good("r/b", 5));
        await stream.AcknowledgedAsync(1);
        await watcher.SawAsync("r", TransitionKind.Firing);
        await Eventually.BecomesAsync(() => second.TotalAsync(string.Empty), now => now is { Count: 2, Sum: TestDictionary.Enter + 5 });

        await cluster.Gateways[0].KillAsync();
        var (next, welcome) = await PushStream.OpenAsync(second.Ingest, "cluster.source");
        using var goneOn = next;
        Assert.Equal(1UL, welcome.HighestSequence);
        await goneOn.SendAsync(1, PushStream.Good("r/a", TestDictionary.Enter), PushStream.Good("r/b", 5));
        await goneOn.SendAsync(2, PushStream.Good("r/a", -TestDictionary.Enter));
        var ack = await goneOn.AcknowledgedAsync(2);

        Assert.Equal((1UL, 2UL), (ack.Accepted, ack.Duplicates));
        await watcher.SawAsync("r", TransitionKind.Resolved);
        await Eventually.BecomesAsync(() => second.TotalAsync("r"), now => now is { Count: 3, Sum: 5 });
        await ending.CancelAsync();
        await watching;
        Assert.Equal([TransitionKind.Firing, TransitionKind.Resolved], watcher.Events.Select(seen => seen.Transition.Kind));
    }

    [Fact]
    public async Task KillSilo_WhilePushing_CountsEveryPointOnceOnTheSameStream()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var cluster = await ClusterProcesses.StartAsync();
        var load = new RandomLoad(Seed, batches: 15_000, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        var source = new SteadySource(cluster.Clients[0].Ingest, "cluster.source", load.Batches, load.ContentOf);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var live = new AlertWatcher(cluster.Clients[1].Alerts);
        var watching = live.RunAsync(ending.Token);
        var pushing = source.RunAsync(cancellationToken);
        await Eventually.TrueAsync(() => source.Acknowledged > 2_000 || pushing.IsFaulted);

        await cluster.Silos[1].KillAsync();
        cluster.Silos.RemoveAt(1);
        var (killed, acknowledged) = (Stopwatch.GetTimestamp(), source.Acknowledged);
        await Eventually.TrueAsync(() => source.Acknowledged > acknowledged + Window || pushing.IsFaulted);
        Report("acknowledged again after kill -9 of a silo", killed);
        await pushing.WaitAsync(TimeSpan.FromSeconds(120), cancellationToken);

        Assert.Equal((0, 1), (source.Rejected, source.Streams));
        Assert.Equal("16", await Eventually.BecomesAsync(cluster.SharesAsync, shares => shares == "16"));
        await load.ArrivedAsync(cluster.Clients[0]);
        await AssertLogIsWholeAsync(cluster.Clients[0], live, ending.Token);
        await ending.CancelAsync();
        await watching;
    }

    [Fact]
    public async Task Silos_ComeAndGo_PartitionsSpreadEvenlyAndNothingIsLost()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var cluster = await ClusterProcesses.StartAsync();
        Assert.Equal("8 8", await Eventually.BecomesAsync(cluster.SharesAsync, shares => shares == "8 8"));
        var load = new RandomLoad(Seed + 1, batches: 30_000, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        var source = new SteadySource(cluster.Clients[0].Ingest, "cluster.source", load.Batches, load.ContentOf);
        var pushing = source.RunAsync(cancellationToken);
        await Eventually.TrueAsync(() => source.Acknowledged > 1_000 || pushing.IsFaulted);

        var third = await cluster.AddSiloAsync();
        var joined = Stopwatch.GetTimestamp();
        Assert.Equal("5 5 6", await Eventually.BecomesAsync(cluster.SharesAsync, shares => shares == "5 5 6"));
        Report("five partitions moved to a third silo", joined);
        await third.ReadyAsync();

        var stopping = cluster.Silos[0];
        cluster.Silos.RemoveAt(0);
        var (asked, acknowledged) = (Stopwatch.GetTimestamp(), source.Acknowledged);
        var exit = stopping.TerminateAsync();
        await Eventually.TrueAsync(() => source.Acknowledged > acknowledged + Window || pushing.IsCompleted);
        Report("acknowledged again after SIGTERM of a silo", asked);
        Assert.Equal(0, await exit);
        Report("silo ended after SIGTERM", asked);
        stopping.Dispose();

        await pushing.WaitAsync(TimeSpan.FromSeconds(120), cancellationToken);
        Assert.Equal((0, 1), (source.Rejected, source.Streams));
        Assert.Equal("8 8", await Eventually.BecomesAsync(cluster.SharesAsync, shares => shares == "8 8"));
        await load.ArrivedAsync(cluster.Clients[1]);
    }

    [Theory]
    [InlineData("Cluster:ConnectionString is missing")]
    [InlineData("ProbeInterval", "--Cluster:ConnectionString=Host=127.0.0.1", "--Cluster:ProbeInterval=01:00:00")]
    [InlineData("PostgreSQL at 127.0.0.1:1 cannot be reached", "--Cluster:ConnectionString=Host=127.0.0.1;Port=1", "--Silo:WebPort=0", "--Cluster:SiloPort=0", "--Cluster:GatewayPort=0")]
    public async Task Silo_WrongOption_EndsWithOneLine(string expected, params string[] arguments)
    {
        var (code, output) = await SiloProcess.RefuseAsync(arguments);

        Assert.Equal(1, code);
        Assert.Contains(expected, Assert.Single(output.Split(Environment.NewLine)), StringComparison.Ordinal);
    }

    /// <summary>What was watched live is what the log says, and the log has no gap.</summary>
    private static async Task AssertLogIsWholeAsync(GatewayClients clients, AlertWatcher live, CancellationToken cancellationToken)
    {
        const string Sentinel = "sentinel";
        var (stream, _) = await PushStream.OpenAsync(clients.Ingest, "cluster.sentinel");
        using (stream)
        {
            await stream.SendAsync(1, PushStream.Good($"{Sentinel}/x", TestDictionary.Enter));
            await stream.AcknowledgedAsync(1);
        }

        await live.SawAsync(Sentinel, TransitionKind.Firing);
        var replayed = new AlertWatcher(clients.Alerts);
        _ = replayed.RunAsync(cancellationToken);
        await replayed.SawAsync(Sentinel, TransitionKind.Firing);
        Assert.Equal(replayed.Events.Select(Identity), live.Events.Select(Identity));
        foreach (var region in live.Events.GroupBy(seen => seen.Alert.Path))
        {
            Assert.Equal(
                region.Select((_, index) => index % 2 == 0 ? TransitionKind.Firing : TransitionKind.Resolved),
                region.Select(seen => seen.Transition.Kind));
        }
    }

    private static (string Cursor, string Alert, uint Number, TransitionKind Kind) Identity(AlertEvent seen) =>
        (seen.Cursor, seen.Alert.Id, seen.Transition.Number, seen.Transition.Kind);

    private static void Report(string what, long since) =>
        TestContext.Current.TestOutputHelper?.WriteLine($"{what}: {Stopwatch.GetElapsedTime(since).TotalSeconds:0.0} s");
}
