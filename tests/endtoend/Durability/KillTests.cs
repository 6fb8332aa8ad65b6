using Monitoring.Gateway;
using Monitoring.Infrastructure;
using Monitoring.Protocol.V1;

namespace Monitoring.Durability;

public sealed class KillTests
{
    private const int Seed = 20_010_101;
    private const int Rounds = 5;
    private const int Batches = 5_000;
    private const string Sentinel = "sentinel";

    [Fact]
    public async Task Kill_WhilePushing_KeepsEveryPointAndEveryTransitionOnce()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var gateway = await GatewayProcess.StartAsync(cancellationToken);
        using var clients = new GatewayClients(gateway);
        await clients.ApplyDictionaryAsync();
        var load = new RandomLoad(Seed, Batches, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        var source = new SteadySource(clients.Ingest, "kill.source", Batches, load.ContentOf);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var live = new AlertWatcher(clients.Alerts);
        var watching = live.RunAsync(ending.Token);
        var pushing = source.RunAsync(cancellationToken);

        var random = new Random(Seed);
        for (var round = 1; round <= Rounds; round++)
        {
            var moment = random.Next(Batches * (round - 1) / Rounds, Batches * round / Rounds);
            await Eventually.TrueAsync(() => source.Acknowledged >= moment || pushing.IsFaulted, TimeSpan.FromSeconds(60));
            await gateway.KillAsync();
            await gateway.StartAgainAsync(cancellationToken);
        }

        await pushing.WaitAsync(TimeSpan.FromSeconds(60), cancellationToken);

        Assert.Equal(0, source.Rejected);
        await load.ArrivedAsync(clients);
        await RaiseSentinelAsync(clients, live);
        var replayed = new AlertWatcher(clients.Alerts);
        var replaying = replayed.RunAsync(ending.Token);
        await replayed.SawAsync(Sentinel, TransitionKind.Firing);
        await ending.CancelAsync();
        await Task.WhenAll(watching, replaying);

        Assert.Equal(replayed.Events.Select(Identity), live.Events.Select(Identity));
        Assert.Equal(live.Events.Count, live.Events.Select(seen => seen.Cursor).Distinct(StringComparer.Ordinal).Count());
        await AssertStatesAsync(clients, live.Events, load.Totals());
    }

    private static (string Cursor, string Alert, uint Number, TransitionKind Kind) Identity(AlertEvent seen) =>
        (seen.Cursor, seen.Alert.Id, seen.Transition.Number, seen.Transition.Kind);

    private static async Task RaiseSentinelAsync(GatewayClients clients, AlertWatcher live)
    {
        var (stream, welcome) = await PushStream.OpenAsync(clients.Ingest, "kill.sentinel");
        using (stream)
        {
            await stream.SendAsync(welcome.AcknowledgedSequence + 1, PushStream.Good($"{Sentinel}/x", TestDictionary.Enter));
            await stream.AcknowledgedAsync(welcome.AcknowledgedSequence + 1);
        }

        await live.SawAsync(Sentinel, TransitionKind.Firing);
    }

    /// <summary>The transitions of each node make whole lives, and the last one agrees with the node's value and the list of open alerts.</summary>
    private static async Task AssertStatesAsync(
        GatewayClients clients, IReadOnlyList<AlertEvent> events, Dictionary<string, NodeTotal> expected)
    {
        var request = new ListAlertsRequest { Department = TestDictionary.Department };
        var open = await clients.Alerts.ListAsync(request, cancellationToken: TestContext.Current.CancellationToken);
        for (var region = 0; region < RandomLoad.Regions; region++)
        {
            var path = $"r{region}";
            var lives = events.Where(seen => seen.Alert.Path == path).ToArray();
            for (var index = 0; index < lives.Length; index++)
            {
                var wanted = index % 2 == 0 ? TransitionKind.Firing : TransitionKind.Resolved;
                Assert.Equal((wanted, (uint)(index % 2) + 1), (lives[index].Transition.Kind, lives[index].Transition.Number));
                Assert.Equal(lives[index - (index % 2)].Alert.Id, lives[index].Alert.Id);
            }

            var isOpen = lives.Length % 2 == 1;
            Assert.Equal(isOpen, open.Alerts.Any(alert => alert.Path == path && alert.Id == lives[^1].Alert.Id));
            if (expected[path].Sum >= TestDictionary.Enter)
            {
                Assert.True(isOpen, path);
            }
            else if (expected[path].Sum < TestDictionary.Exit)
            {
                Assert.False(isOpen, path);
            }
        }
    }
}
