using Monitoring.Gateway;
using Monitoring.Infrastructure;
using Monitoring.Protocol.V1;

namespace Monitoring.Durability;

public sealed class KillTests
{
    private const int Seed = 20_010_101;
    private const int Rounds = 5;
    private const int Batches = 5_000;
    private const int PointsOfBatch = 40;
    private const int Regions = 5;
    private const int PlacesOfRegion = 8;
    private const string Sentinel = "sentinel";

    [Fact]
    public async Task Kill_WhilePushing_KeepsEveryPointAndEveryTransitionOnce()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var gateway = await GatewayProcess.StartAsync(cancellationToken);
        using var clients = new GatewayClients(gateway);
        await clients.ApplyDictionaryAsync();
        var start = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var source = new SteadySource(clients.Ingest, "kill.source", Batches, sequence => ContentOf(sequence, start));
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
        var expected = Expected(start);
        foreach (var (path, total) in expected)
        {
            await Eventually.BecomesAsync(() => clients.TotalAsync(path), now => now == total);
        }

        await RaiseSentinelAsync(clients, live);
        var replayed = new AlertWatcher(clients.Alerts);
        var replaying = replayed.RunAsync(ending.Token);
        await replayed.SawAsync(Sentinel, TransitionKind.Firing);
        await ending.CancelAsync();
        await Task.WhenAll(watching, replaying);

        Assert.Equal(replayed.Events.Select(Identity), live.Events.Select(Identity));
        Assert.Equal(live.Events.Count, live.Events.Select(seen => seen.Cursor).Distinct(StringComparer.Ordinal).Count());
        await AssertStatesAsync(clients, live.Events, expected);
    }

    private static (string Cursor, string Alert, uint Number, TransitionKind Kind) Identity(AlertEvent seen) =>
        (seen.Cursor, seen.Alert.Id, seen.Transition.Number, seen.Transition.Kind);

    /// <summary>Points of random places, some of them minutes late.</summary>
    private static Point[] ContentOf(long sequence, long start)
    {
        var random = new Random(Seed + (int)sequence);
        var points = new Point[PointsOfBatch];
        for (var index = 0; index < points.Length; index++)
        {
            points[index] = new Point
            {
                Indicator = TestDictionary.Indicator,
                Path = $"r{random.Next(Regions)}/p{random.Next(PlacesOfRegion)}",
                TimeUnixMs = start - random.Next(600_000),
                Value = random.Next(-100, 101),
            };
        }

        return points;
    }

    private static Dictionary<string, NodeTotal> Expected(long start)
    {
        var totals = new Dictionary<string, NodeTotal>(StringComparer.Ordinal);
        for (var sequence = 1L; sequence <= Batches; sequence++)
        {
            foreach (var point in ContentOf(sequence, start))
            {
                string[] paths = [string.Empty, point.Path[..point.Path.IndexOf('/', StringComparison.Ordinal)], point.Path];
                foreach (var path in paths)
                {
                    totals[path] = totals.GetValueOrDefault(path).Add(point.Value);
                }
            }
        }

        return totals;
    }

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
        for (var region = 0; region < Regions; region++)
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
