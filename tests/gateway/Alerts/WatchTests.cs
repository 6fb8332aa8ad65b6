using Grpc.Core;
using Monitoring.Alerting;
using Monitoring.Gateway.Alerts;
using Monitoring.Infrastructure;
using Wire = Monitoring.Protocol.V1;

namespace Monitoring.Alerts;

public sealed class WatchTests
{
    [Fact]
    public async Task Watch_FromNow_ShowsOnlyWhatHappensLater()
    {
        await using var gateway = await TestGateway.StartAsync();
        var noc = gateway.Cluster.Department("noc");
        await noc.LogAsync(Samples.Transition("old", AlertLevel.Warning));
        using var watch = new WatchClient(gateway, new Wire.WatchAlertsRequest { Departments = { "noc" } });
        await watch.BeLiveAsync();

        await noc.LogAsync(Samples.Transition("new", AlertLevel.Critical));

        var seen = await watch.ReadEventAsync();
        Assert.Equal(("new", "noc:2", "noc"), (seen.Alert.Id, seen.Cursor, seen.Department));
        Assert.Equal((Wire.TransitionKind.Firing, Wire.AlertLevel.Critical, 31d), (seen.Transition.Kind, seen.Transition.Level, seen.Transition.Value));
    }

    [Fact]
    public async Task Watch_FromSnapshot_ShowsOpenAlertsThenChanges()
    {
        await using var gateway = await TestGateway.StartAsync();
        var noc = gateway.Cluster.Department("noc");
        await noc.LogAsync(Samples.Transition("a", AlertLevel.Warning));
        await noc.LogAsync(Samples.Transition("b", AlertLevel.Warning));
        await noc.LogAsync(Samples.Transition("a", AlertLevel.Warning, TransitionKind.Resolved));
        using var watch = new WatchClient(gateway, new Wire.WatchAlertsRequest { Departments = { "noc", "ga-ops" }, Snapshot = true });

        var open = await watch.ReadEventAsync();
        Assert.Equal(("b", string.Empty), (open.Alert.Id, open.Cursor));
        Assert.Null(open.Transition);
        Assert.Equal("noc:3,ga-ops:0", (await watch.ReadAsync()).SnapshotComplete.Cursor);

        await gateway.Cluster.Department("ga-ops").LogAsync(Samples.Transition("c", AlertLevel.Info));
        Assert.Equal("noc:3,ga-ops:1", (await watch.ReadEventAsync()).Cursor);
    }

    [Theory]
    [InlineData(-5)]
    [InlineData(9_000_000_000_000_000_000)]
    public async Task Watch_FromAnImpossibleTime_IsInvalid(long since)
    {
        await using var gateway = await TestGateway.StartAsync();
        using var watch = gateway.Alerts.Watch(new Wire.WatchAlertsRequest { Departments = { "noc" }, SinceUnixMs = since }, cancellationToken: gateway.Token);

        var refusal = await Assert.ThrowsAsync<RpcException>(() => watch.ResponseStream.MoveNext(gateway.Token));

        Assert.Equal(StatusCode.InvalidArgument, refusal.StatusCode);
        Assert.Contains($"since_unix_ms is {since}, expected 0 to 253402300799999", refusal.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_FromCursor_MissesNothingAndRepeatsNothing()
    {
        await using var gateway = await TestGateway.StartAsync();
        var noc = gateway.Cluster.Department("noc");
        for (var number = 1; number <= 5; number++)
        {
            await noc.LogAsync(Samples.Transition($"a{number}", AlertLevel.Warning));
        }

        using var watch = new WatchClient(gateway, new Wire.WatchAlertsRequest { Departments = { "noc" }, Cursor = "noc:3" });

        Assert.Equal(["a4", "a5"], [(await watch.ReadEventAsync()).Alert.Id, (await watch.ReadEventAsync()).Alert.Id]);
        await noc.LogAsync(Samples.Transition("a6", AlertLevel.Warning));
        Assert.Equal("a6", (await watch.ReadEventAsync()).Alert.Id);
    }

    [Fact]
    public async Task Watch_CursorIsNewerThanTheDepartmentRemembers_GoesOnBehindIt()
    {
        await using var gateway = await TestGateway.StartAsync();
        var noc = gateway.Cluster.Department("noc");
        await noc.LogAsync(Samples.Transition("a", AlertLevel.Warning));
        await noc.LogAsync(Samples.Transition("b", AlertLevel.Warning));
        noc.RememberedEnd = 1;
        using var watch = new WatchClient(gateway, new Wire.WatchAlertsRequest { Departments = { "noc" }, Cursor = "noc:2" });
        await watch.BeLiveAsync();

        await noc.LogAsync(Samples.Transition("c", AlertLevel.Warning));

        Assert.Equal("c", (await watch.ReadEventAsync()).Alert.Id);
    }

    [Fact]
    public async Task Watch_SinceTime_StartsWithTheFirstTransitionFromThen()
    {
        await using var gateway = await TestGateway.StartAsync();
        var noc = gateway.Cluster.Department("noc");
        await noc.LogAsync(Samples.Transition("a", AlertLevel.Warning, time: 1_000));
        await noc.LogAsync(Samples.Transition("b", AlertLevel.Warning, time: 2_000));
        using var watch = new WatchClient(gateway, new Wire.WatchAlertsRequest { Departments = { "noc" }, SinceUnixMs = 1_500 });

        Assert.Equal("b", (await watch.ReadEventAsync()).Alert.Id);
    }

    [Fact]
    public async Task Watch_WithLevels_LeavesOthersOutButMovesTheCursor()
    {
        await using var gateway = await TestGateway.StartAsync();
        var noc = gateway.Cluster.Department("noc");
        await noc.LogAsync(Samples.Transition("a", AlertLevel.Info));
        await noc.LogAsync(Samples.Transition("b", AlertLevel.Critical));
        using var watch = new WatchClient(
            gateway, new Wire.WatchAlertsRequest { Departments = { "noc" }, Levels = { Wire.AlertLevel.Critical }, Cursor = "noc:0" });

        var seen = await watch.ReadEventAsync();
        Assert.Equal(("b", "noc:2"), (seen.Alert.Id, seen.Cursor));
    }

    [Fact]
    public async Task Watch_NoticesGetLost_ShowsEverythingAllTheSame()
    {
        await using var gateway = await TestGateway.StartAsync(("Alerts:PollInterval", "00:00:00.1"));
        var noc = gateway.Cluster.Department("noc");
        noc.DropsNotices = true;
        using var watch = new WatchClient(gateway, new Wire.WatchAlertsRequest { Departments = { "noc" } });
        await watch.BeLiveAsync();
        await noc.LogAsync(Samples.Transition("a", AlertLevel.Warning));
        Assert.Equal("a", (await watch.ReadEventAsync()).Alert.Id);

        await noc.LogAsync(Samples.Transition("b", AlertLevel.Warning));
        noc.DropsNotices = false;
        await noc.LogAsync(Samples.Transition("c", AlertLevel.Warning));

        Assert.Equal(["b", "c"], [(await watch.ReadEventAsync()).Alert.Id, (await watch.ReadEventAsync()).Alert.Id]);
    }

    [Fact]
    public async Task Watch_WatcherIsSlow_ReadsTheRestFromTheLog()
    {
        await using var gateway = await TestGateway.StartAsync(("Alerts:PageSize", "7"), ("Alerts:RecentEntries", "5"));
        var noc = gateway.Cluster.Department("noc");
        using var watch = new WatchClient(gateway, new Wire.WatchAlertsRequest { Departments = { "noc" } });
        await watch.BeLiveAsync();
        for (var number = 1; number <= 2_000; number++)
        {
            await noc.LogAsync(Samples.Transition($"a{number}", AlertLevel.Warning));
        }

        for (var number = 1; number <= 2_000; number++)
        {
            Assert.Equal($"noc:{number}", (await watch.ReadEventAsync()).Cursor);
        }
    }

    [Fact]
    public async Task Watch_OneWatcherDoesNotRead_OthersGoOnAndItGetsEverythingLater()
    {
        await using var gateway = await TestGateway.StartAsync(
            ("Alerts:PageSize", "7"), ("Alerts:RecentEntries", "5"), ("Alerts:PollInterval", "00:01:00"));
        var noc = gateway.Cluster.Department("noc");
        var request = new AlertWatch(["noc"], [], new AlertWatchStart.Cursor("noc:0"));
        await noc.LogAsync(Samples.Transition("a1", AlertLevel.Warning));
        await using var slow = gateway.Service<AlertFeeds>().WatchAsync(request, gateway.Token).GetAsyncEnumerator(gateway.Token);
        await using var quick = gateway.Service<AlertFeeds>().WatchAsync(request, gateway.Token).GetAsyncEnumerator(gateway.Token);
        Assert.Equal("noc:1", await NextAsync(slow));
        Assert.Equal("noc:1", await NextAsync(quick));
        var readBefore = noc.Reads;

        for (var number = 2; number <= 500; number++)
        {
            await noc.LogAsync(Samples.Transition($"a{number}", AlertLevel.Warning));
            Assert.Equal($"noc:{number}", await NextAsync(quick));
        }

        // Who keeps up is served from memory, and nothing was read ahead for who does not.
        Assert.Equal(readBefore, noc.Reads);
        for (var number = 2; number <= 500; number++)
        {
            Assert.Equal($"noc:{number}", await NextAsync(slow));
        }

        Assert.InRange(noc.Reads - readBefore, 494 / 7, 500 / 7 + 1);

        static async Task<string> NextAsync(IAsyncEnumerator<AlertFeedItem> watch)
        {
            Assert.True(await watch.MoveNextAsync());
            return Assert.IsType<AlertFeedItem.Event>(watch.Current).Cursor;
        }
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("noc:-1")]
    [InlineData("noc:1,noc:2")]
    [InlineData("ga-ops:0")]
    [InlineData("noc:99")]
    public async Task Watch_CursorIsNotOfThisWatch_EndsWithInvalidArgument(string cursor)
    {
        await using var gateway = await TestGateway.StartAsync();
        using var watch = new WatchClient(gateway, new Wire.WatchAlertsRequest { Departments = { "noc" }, Cursor = cursor });

        var status = await watch.ReadStatusAsync();
        Assert.Equal(StatusCode.InvalidArgument, status.StatusCode);
        Assert.DoesNotContain("Parameter", status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_DepartmentIsUnknown_EndsWithNotFound()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var watch = new WatchClient(gateway, new Wire.WatchAlertsRequest { Departments = { "nobody" } });

        Assert.Equal(StatusCode.NotFound, (await watch.ReadStatusAsync()).StatusCode);
    }

    [Fact]
    public async Task Watch_NoDepartment_EndsWithInvalidArgument()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var watch = new WatchClient(gateway, new Wire.WatchAlertsRequest());

        Assert.Equal(StatusCode.InvalidArgument, (await watch.ReadStatusAsync()).StatusCode);
    }

    [Fact]
    public async Task Watch_GatewayStops_EndsWithUnavailable()
    {
        await using var gateway = await TestGateway.StartAsync();
        using var watch = new WatchClient(gateway, new Wire.WatchAlertsRequest { Departments = { "noc" }, Snapshot = true });
        await watch.ReadAsync();

        await gateway.StopAsync();

        Assert.Equal(StatusCode.Unavailable, (await watch.ReadStatusAsync()).StatusCode);
    }

    private sealed class WatchClient(TestGateway gateway, Wire.WatchAlertsRequest request) : IDisposable
    {
        private readonly AsyncServerStreamingCall<Wire.WatchAlertsResponse> _call =
            gateway.Alerts.Watch(request, cancellationToken: gateway.Token);

        /// <summary>Waits until the gateway is subscribed, which it tells nobody: the fake department knows.</summary>
        public async Task BeLiveAsync()
        {
            foreach (var department in request.Departments)
            {
                await gateway.Cluster.Department(department).Subscribed.WaitAsync(gateway.Token);
            }
        }

        public async Task<Wire.WatchAlertsResponse> ReadAsync()
        {
            Assert.True(await _call.ResponseStream.MoveNext(gateway.Token));
            return _call.ResponseStream.Current;
        }

        public async Task<Wire.AlertEvent> ReadEventAsync()
        {
            while (true)
            {
                var response = await ReadAsync();
                if (response.Event is not null)
                {
                    return response.Event;
                }
            }
        }

        public async Task<Status> ReadStatusAsync()
        {
            try
            {
                while (await _call.ResponseStream.MoveNext(gateway.Token))
                {
                }

                return Status.DefaultSuccess;
            }
            catch (RpcException exception)
            {
                return exception.Status;
            }
        }

        public void Dispose() => _call.Dispose();
    }
}
