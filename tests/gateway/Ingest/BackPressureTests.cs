using Monitoring.Indicators;
using Monitoring.Infrastructure;
using static Monitoring.Infrastructure.PushClient;

namespace Monitoring.Ingest;

public sealed class BackPressureTests
{
    [Fact]
    public async Task Push_SourceIsOverItsQuota_WaitsAloneAndIsTold()
    {
        await using var gateway = await TestGateway.StartAsync(
            ("Ingest:Quotas:hungry:PointsPerSecond", "1"), ("Ingest:Quotas:hungry:BurstPoints", "10"));
        using var hungry = await gateway.PushAsync("hungry");
        using var other = await gateway.PushAsync("other");

        // 50 s of debt: far more than this test lasts.
        await hungry.SendAsync(1, [.. Enumerable.Range(0, 60).Select(number => Point("GA", number))]);
        await hungry.SendAsync(2, Point("GA"));
        Assert.Equal(60ul, (await hungry.ReadAckAsync(1)).Accepted);
        var second = hungry.ReadAckAsync(2);
        for (var sequence = 1ul; sequence <= 50; sequence++)
        {
            await other.SendAsync(sequence, [.. Enumerable.Range(0, 60).Select(number => Point("GA", number))]);
            await other.ReadAckAsync(sequence);
        }

        Assert.False(second.IsCompleted);
        while (!(await gateway.Web.GetStringAsync(new Uri("/metrics", UriKind.Relative), gateway.Token))
            .Contains("monitoring_ingest_throttled_seconds_total{source=\"hungry\"}", StringComparison.Ordinal))
        {
            gateway.Token.ThrowIfCancellationRequested();
        }
    }

    [Fact]
    public async Task Push_SourceIsOverItsQuota_LosesNothing()
    {
        await using var gateway = await TestGateway.StartAsync(("Ingest:SourcePointsPerSecond", "2000"), ("Ingest:SourceBurstPoints", "10"));
        using var stream = await gateway.PushAsync("s");
        for (var sequence = 1ul; sequence <= 100; sequence++)
        {
            await stream.SendAsync(sequence, [.. Enumerable.Range(0, 10).Select(number => Point("GA", number))]);
        }

        await stream.CompleteAsync();
        Assert.Equal(1_000ul, (await stream.ReadAckAsync(100)).Accepted);
    }

    [Fact]
    public async Task Push_OthersOfTheConnectionAreHeldBack_GoesOn()
    {
        await using var gateway = await TestGateway.StartAsync(("Ingest:Window", "1"));
        var map = gateway.Cluster.Map;
        var quietPath = Enumerable.Range(0, 100).Select(number => $"T{number}").First(path => PartitionOf(path) != PartitionOf("GA"));
        var hold = new TaskCompletionSource();
        gateway.Cluster.Partitions[PartitionOf("GA")].Open = hold.Task;
        var name = new string('x', 4_000);
        var streams = new List<PushClient>();
        var sending = new List<Task>();
        for (var number = 0; number < 4; number++)
        {
            var hot = await gateway.PushAsync($"hot-{number}");
            streams.Add(hot);
            sending.Add(FloodAsync(hot));
        }

        using var quiet = await gateway.PushAsync("quiet");
        for (var sequence = 1ul; sequence <= 20; sequence++)
        {
            await quiet.SendAsync(sequence, Point(quietPath));
            Assert.Equal(1ul, (await quiet.ReadAckAsync(sequence)).Accepted);
        }

        Assert.All(sending, flood => Assert.False(flood.IsCompleted));
        hold.SetResult();
        foreach (var (hot, flood) in streams.Zip(sending))
        {
            Assert.Equal(4ul, (await hot.ReadAckAsync(4)).Accepted);
            await flood;
            hot.Dispose();
        }

        int PartitionOf(string path) => map.PartitionOf(new NodeKey("delay", path));

        // Each batch has one good point and a megabyte of bad ones.
        async Task FloodAsync(PushClient hot)
        {
            for (var sequence = 1ul; sequence <= 4; sequence++)
            {
                await hot.SendAsync(sequence, [Point("GA"), .. Enumerable.Range(0, 250).Select(_ => Point(name))]);
            }
        }
    }

    [Fact]
    public async Task Push_MoreWaitsThanOneCallMayCarry_GoesInSeveral()
    {
        await using var gateway = await TestGateway.StartAsync(("Ingest:MaxDeliveryPoints", "5"));
        var partition = gateway.Cluster.Partitions[gateway.Cluster.Map.PartitionOf(new NodeKey("delay", "GA"))];
        var hold = new TaskCompletionSource();
        partition.Open = hold.Task;
        using var stream = await gateway.PushAsync("s");
        foreach (var (sequence, points) in new[] { 1, 2, 3, 7, 1, 4, 1 }.Select((points, index) => ((ulong)index + 1, points)))
        {
            await stream.SendAsync(sequence, [.. Enumerable.Range(0, points).Select(number => Point("GA", number))]);
        }

        while (gateway.Cluster.Partitions.Sum(other => other.Calls.Count) < 1
            || !(await gateway.Web.GetStringAsync(new Uri("/metrics", UriKind.Relative), gateway.Token))
                .Contains("monitoring_ingest_queue_deliveries 6\n", StringComparison.Ordinal))
        {
            gateway.Token.ThrowIfCancellationRequested();
        }

        hold.SetResult();
        Assert.Equal(19ul, (await stream.ReadAckAsync(7)).Accepted);
        Assert.Equal([1, 2, 1, 2, 1], partition.Calls);
    }
}
