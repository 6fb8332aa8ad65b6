using CsCheck;
using Grpc.Core;
using Monitoring.Alerting;
using Monitoring.Dictionary;
using Monitoring.Gateway.Indicators;
using Monitoring.History;
using Monitoring.Indicators;
using Monitoring.Infrastructure;
using Monitoring.Partitions;
using Wire = Monitoring.Protocol.V1;

namespace Monitoring.Gateway;

public sealed class IndicatorQueryTests
{
    [Fact]
    public void Choose_AnySpan_GivesAMultipleOfTheResolutionWithFewEnoughBuckets() =>
        Gen.Select(Gen.Long[0, 2_000_000_000_000], Gen.Long[1, 400_000_000_000], Gen.Int[1, 100_000], Gen.Int[2, 10_000])
            .Sample((start, length, resolution, maxBuckets) =>
            {
                var width = HistoryResolution.Choose(start, start + length, resolution, maxBuckets);
                Assert.Equal(0, width % resolution);
                Assert.InRange(HistoryResolution.Buckets(start, start + length, width), 1, maxBuckets);
            });

    [Theory]
    [InlineData(10_000, 100, 10_000)]
    [InlineData(10_000, 50, 30_000)]
    [InlineData(10_000, 10, 120_000)]
    [InlineData(60_000, 2, 600_000)]
    public void Choose_QuarterOfAnHour_GivesTheSmallestNiceWidth(long resolution, int maxBuckets, long expected) =>
        Assert.Equal(expected, HistoryResolution.Choose(0, 900_000, resolution, maxBuckets));

    [Theory]
    [InlineData(1, 10_000)]
    [InlineData(30, 10_000)]
    [InlineData(100, 3_600_000)]
    [InlineData(1_000, 86_400_000)]
    [InlineData(9_000, 86_400_000)]
    public void FinestKept_SpanBeginsSoManyDaysAgo_GivesAWidthThatReachesBack(int days, long expected)
    {
        const long now = 1_766_880_000_000;
        Assert.Equal(expected, HistoryResolution.FinestKept(Samples.Indicator("delay"), now - (days * 86_400_000L), now, new HistoryOptions()));
    }

    [Fact]
    public void IsChange_OnlyThePeriodMoved_IsNone()
    {
        var before = Samples.Reading("GA", 5);
        Assert.False(NodeChange.IsChange(before, Samples.Reading("GA", 5) with { PeriodStart = 10_000, PeriodEnd = 310_000 }));
        Assert.True(NodeChange.IsChange(before, Samples.Reading("GA", 6)));
        Assert.True(NodeChange.IsChange(before, Samples.Reading("GA", 5, RulePhase.Firing)));
        var month = new PeriodReading { Period = new Period { Kind = PeriodKind.Month }, Value = 1, Aggregate = new Aggregate(1, 1), Start = 0, End = 1 };
        Assert.False(NodeChange.IsChange(before with { MorePeriods = [month] }, before with { MorePeriods = [month with { End = 2 }] }));
        Assert.True(NodeChange.IsChange(before with { MorePeriods = [month] }, before with { MorePeriods = [month with { Aggregate = new Aggregate(1, 2) }] }));
        Assert.True(NodeChange.IsChange(before, before with { MorePeriods = [month] }));
    }

    [Fact]
    public async Task Get_UnknownIndicatorOrEmptyNode_IsNotFound()
    {
        await using var gateway = await TestGateway.StartAsync();

        var unknown = await Assert.ThrowsAsync<RpcException>(() => gateway.Indicators.GetAsync(
            new Wire.GetIndicatorRequest { Indicator = "nothing" }, cancellationToken: gateway.Token).ResponseAsync);
        var empty = await Assert.ThrowsAsync<RpcException>(() => gateway.Indicators.GetAsync(
            new Wire.GetIndicatorRequest { Indicator = "delay", Path = "GA" }, cancellationToken: gateway.Token).ResponseAsync);
        var malformed = await Assert.ThrowsAsync<RpcException>(() => gateway.Indicators.GetAsync(
            new Wire.GetIndicatorRequest { Indicator = "delay", Path = "GA/ATL/T1" }, cancellationToken: gateway.Token).ResponseAsync);

        Assert.Equal(
            (StatusCode.NotFound, StatusCode.NotFound, StatusCode.InvalidArgument), (unknown.StatusCode, empty.StatusCode, malformed.StatusCode));
        Assert.Contains("never received a point", empty.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_SeveralPages_ShowsEveryNodeOnceInOrder()
    {
        await using var gateway = await TestGateway.StartAsync();
        var paths = Enumerable.Range(0, 25).Select(number => $"S{number}").Append(string.Empty).Order(StringComparer.Ordinal).ToArray();
        Put(gateway, paths.Select(path => Samples.Reading(path, 1)));
        var seen = new List<string>();
        var request = new Wire.ListIndicatorsRequest { Indicator = "delay", PageSize = 10 };
        do
        {
            var response = await gateway.Indicators.ListAsync(request, cancellationToken: gateway.Token);
            seen.AddRange(response.Nodes.Select(node => node.Path));
            request.PageToken = response.NextPageToken;
        }
        while (request.PageToken.Length > 0);

        Assert.Equal(paths, seen);
        Assert.All(gateway.Cluster.Partitions, partition => Assert.Equal(11, partition.LastSelection!.Limit));
    }

    [Fact]
    public async Task Watch_NodeChanges_SendsTheSnapshotThenTheChangedNodeAlone()
    {
        await using var gateway = await TestGateway.StartAsync(("IndicatorQueries:NewNodesInterval", "00:00:00.01"));
        Put(gateway, [Samples.Reading("GA", 1), Samples.Reading("GA/ATL", 1), Samples.Reading("TX", 1)]);
        using var call = gateway.Indicators.Watch(
            new Wire.WatchIndicatorsRequest { IntervalMs = 100, Selectors = { new Wire.NodeSelector { Indicator = "delay", PathPrefix = "GA", Levels = 1 } } },
            cancellationToken: gateway.Token);
        Assert.True(await call.ResponseStream.MoveNext(gateway.Token));
        var snapshot = call.ResponseStream.Current;
        Assert.True(snapshot.SnapshotComplete);
        Assert.Equal(["GA", "GA/ATL"], snapshot.Nodes.Select(node => node.Path));
        Assert.Equal(["state", "airport"], snapshot.Nodes[1].Dimensions);

        Put(gateway, [Samples.Reading("GA/ATL", 9, RulePhase.Firing), Samples.Reading("TX", 9)]);

        Assert.True(await call.ResponseStream.MoveNext(gateway.Token));
        var changed = Assert.Single(call.ResponseStream.Current.Nodes);
        Assert.Equal(("GA/ATL", 9d, Wire.AlertLevel.Warning), (changed.Path, changed.Value, changed.Level));
    }

    [Fact]
    public async Task Watch_OneWatcherDoesNotRead_OthersGoOnAndItGetsTheLatestAlone()
    {
        await using var gateway = await TestGateway.StartAsync(("IndicatorQueries:MinInterval", "00:00:00.01"));
        Put(gateway, [Samples.Reading("GA", 1)]);
        var interval = TimeSpan.FromMilliseconds(10);
        NodeSelection[] selections = [new() { Code = "delay", PathPrefix = "GA", MinDepth = 1, MaxDepth = 1 }];
        var live = gateway.Service<LiveNodes>();
        await using var slow = live.WatchAsync([.. selections], interval, gateway.Token).GetAsyncEnumerator(gateway.Token);
        await using var quick = live.WatchAsync([.. selections], interval, gateway.Token).GetAsyncEnumerator(gateway.Token);
        Assert.Equal(1, await NextAsync(slow));
        Assert.Equal(1, await NextAsync(quick));

        for (var value = 2d; value <= 20; value++)
        {
            Put(gateway, [Samples.Reading("GA", value)]);
            Assert.Equal(value, await NextAsync(quick));
        }

        Assert.Equal(20, await NextAsync(slow));
        Assert.True(await SkippedAsync() >= 18);

        static async Task<double?> NextAsync(IAsyncEnumerator<LiveNodesUpdate> watch)
        {
            Assert.True(await watch.MoveNextAsync());
            return Assert.Single(watch.Current.Nodes).Value;
        }

        async Task<double> SkippedAsync()
        {
            const string metric = "monitoring_watcher_updates_skipped_total ";
            var exported = await gateway.Web.GetStringAsync(new Uri("/metrics", UriKind.Relative), gateway.Token);
            var line = exported.Split('\n').Single(line => line.StartsWith(metric, StringComparison.Ordinal));
            return double.Parse(line[metric.Length..], System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    [Fact]
    public async Task Watch_LeftWhileReadsFail_EndsByItsCancellationAlone()
    {
        await using var gateway = await TestGateway.StartAsync();
        foreach (var partition in gateway.Cluster.Partitions)
        {
            partition.CutOff = new IOException("The connection broke.");
        }

        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(gateway.Token);
        var watch = gateway.Service<LiveNodes>().WatchAsync(
            [new NodeSelection { Code = "delay", MaxDepth = 0 }], TimeSpan.FromSeconds(1), leaving.Token);
        await using var updates = watch.GetAsyncEnumerator(leaving.Token);
        var next = updates.MoveNextAsync().AsTask();
        await Task.WhenAny(gateway.Cluster.Partitions.Select(partition => partition.Held)).WaitAsync(gateway.Token);

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    [Fact]
    public async Task Watch_SelectionMatchesTooMuch_EndsWithInvalidArgument()
    {
        await using var gateway = await TestGateway.StartAsync(("IndicatorQueries:MaxNodes", "1"));
        Put(gateway, [Samples.Reading("GA", 1), Samples.Reading("TX", 1)]);
        using var call = gateway.Indicators.Watch(
            new Wire.WatchIndicatorsRequest { Selectors = { new Wire.NodeSelector { Indicator = "delay", Levels = 2 } } },
            cancellationToken: gateway.Token);

        var exception = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(gateway.Token));
        Assert.Equal(StatusCode.InvalidArgument, exception.StatusCode);
        Assert.Contains("matches more than the 1 nodes", exception.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task History_ResolutionIsNoMultiple_IsInvalid()
    {
        await using var gateway = await TestGateway.StartAsync();
        var exception = await Assert.ThrowsAsync<RpcException>(() => gateway.Indicators.HistoryAsync(
            new Wire.HistoryRequest { Indicator = "delay", StartUnixMs = 0, EndUnixMs = 60_000, ResolutionMs = 15_000 },
            cancellationToken: gateway.Token).ResponseAsync);

        Assert.Equal(StatusCode.InvalidArgument, exception.StatusCode);
        Assert.Contains("multiple of 10000 ms", exception.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, long.MaxValue, 10_000, "the span is 0 to 9223372036854775807, expected")]
    [InlineData(9_000_000_000_000_000_000, long.MaxValue, 0, "later end of at most 253402300799999")]
    [InlineData(0, 0, 9_000_000_000_000_000_000, "resolution_ms is 9000000000000000000, expected")]
    [InlineData(0, 0, -10_000, "resolution_ms is -10000, expected")]
    public async Task History_TimesThatOverflow_AreInvalid(long start, long end, long resolution, string detail)
    {
        await using var gateway = await TestGateway.StartAsync();
        var exception = await Assert.ThrowsAsync<RpcException>(() => gateway.Indicators.HistoryAsync(
            new Wire.HistoryRequest { Indicator = "delay", StartUnixMs = start, EndUnixMs = end, ResolutionMs = resolution },
            cancellationToken: gateway.Token).ResponseAsync);

        Assert.Equal(StatusCode.InvalidArgument, exception.StatusCode);
        Assert.Contains(detail, exception.Status.Detail, StringComparison.Ordinal);
    }

    internal static void Put(TestGateway gateway, IEnumerable<NodeReading> readings)
    {
        foreach (var reading in readings)
        {
            gateway.Cluster.Partitions[gateway.Cluster.Map.PartitionOf(reading.Key)].Put(reading);
        }
    }
}
