using Monitoring.Gateway;
using Monitoring.Infrastructure;
using Monitoring.Protocol.V1;
using Monitoring.Storage;

namespace Monitoring.Durability;

/// <summary>A gateway whose database goes away while it works.</summary>
public sealed class PostgreSqlTests
{
    private const int Batches = 600;
    private const int PointsOfBatch = 20;
    private const int Places = 8;

    [Fact]
    public async Task Crash_OfTheServerWhilePushing_KeepsEveryPointOnceAndTheGatewayRuns()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var server = await PostgreSqlServer.StartAsync();
        await using var gateway = await GatewayProcess.StartAsync(
            cancellationToken, $"--Storage:ConnectionString={await server.CreateDatabaseAsync()}", "--Partitions:CheckpointInterval=00:00:00.2");
        var process = gateway.Id;
        using var clients = new GatewayClients(gateway);
        await clients.ApplyDictionaryAsync();
        var start = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var source = new SteadySource(clients.Ingest, "crash.source", Batches, sequence => ContentOf(sequence, start));
        var pushing = source.RunAsync(cancellationToken);

        for (var round = 1; round <= 3; round++)
        {
            var moment = Batches * round / 5;
            await Eventually.TrueAsync(() => source.Acknowledged >= moment || pushing.IsFaulted, TimeSpan.FromSeconds(60));
            await server.CrashAsync();
            await server.ResumeAsync();
        }

        await pushing.WaitAsync(TimeSpan.FromSeconds(120), cancellationToken);
        Assert.Equal(0, source.Rejected);
        await AssertTotalsAsync(clients, start);
        Assert.Equal(process, gateway.Id);

        await gateway.KillAsync();
        await gateway.StartAgainAsync(cancellationToken);
        await AssertTotalsAsync(clients, start);
    }

    private static async Task AssertTotalsAsync(GatewayClients clients, long start)
    {
        var totals = new Dictionary<string, NodeTotal>(StringComparer.Ordinal);
        foreach (var point in Enumerable.Range(1, Batches).SelectMany(sequence => ContentOf(sequence, start)))
        {
            foreach (var path in new[] { string.Empty, point.Path })
            {
                totals[path] = totals.GetValueOrDefault(path).Add(point.Value);
            }
        }

        foreach (var (path, total) in totals)
        {
            await Eventually.BecomesAsync(() => clients.TotalAsync(path), now => now == total);
        }
    }

    private static Point[] ContentOf(long sequence, long start)
    {
        var random = new Random((int)sequence);
        var points = new Point[PointsOfBatch];
        for (var index = 0; index < points.Length; index++)
        {
            points[index] = new Point
            {
                Indicator = TestDictionary.Indicator,
                Path = $"r/p{random.Next(Places)}",
                TimeUnixMs = start - random.Next(600_000),
                Value = random.Next(-100, 101),
            };
        }

        return points;
    }
}
