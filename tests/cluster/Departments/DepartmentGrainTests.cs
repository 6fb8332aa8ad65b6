using System.Collections.Immutable;
using System.Threading.Channels;
using Monitoring.Alerting;
using Monitoring.Indicators;
using Monitoring.Partitions;

namespace Monitoring.Departments;

public sealed class DepartmentGrainTests(DepartmentCluster cluster) : IClassFixture<DepartmentCluster>
{
    private readonly string _id = $"ops-{Guid.NewGuid()}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IDepartmentGrain Department => cluster.Client.GetGrain<IDepartmentGrain>(_id);

    [Fact]
    public async Task AppendAsync_ResentOverlappingOrWithAGap_LogsEachTransitionOnce()
    {
        Assert.Equal(DeliveryStatus.Accepted, await AppendAsync(1, 0, Firing("a"), Firing("b")));
        Assert.Equal(DeliveryStatus.Duplicate, await AppendAsync(1, 0, Firing("a"), Firing("b")));
        Assert.Equal(DeliveryStatus.Gap, await AppendAsync(1, 3, Firing("d")));
        Assert.Equal(DeliveryStatus.Accepted, await AppendAsync(1, 1, Firing("b"), Resolved("a")));
        Assert.Equal(DeliveryStatus.Accepted, await AppendAsync(2, 0, Firing("c")));

        var log = await Department.ReadLogAsync(0, 100, Token);

        Assert.Equal([1L, 2, 3, 4], log.Select(entry => entry.Cursor));
        Assert.Equal(["a", "b", "a", "c"], log.Select(entry => entry.Alert.Id));
        Assert.Equal(cluster.Store.Entries(_id).Select(entry => entry.Cursor), log.Select(entry => entry.Cursor));
        var open = await Department.GetOpenAsync(Token);
        Assert.Equal(4, open.Cursor);
        Assert.Equal(["b", "c"], open.Alerts.Select(alert => alert.Id));
    }

    [Fact]
    public async Task AppendAsync_WhileAnotherIsInFlight_IsStoredTogetherWithWhatElseWaits()
    {
        var gate = cluster.Store.Hold(_id);
        var first = AppendAsync(1, 0, Firing("a"));
        await cluster.Store.WaitForAppendsAsync(_id, 1, Token);
        var others = Enumerable.Range(2, 8).Select(sender => AppendAsync(sender, 0, Firing($"b{sender}"))).ToList();
        Assert.Equal(0, (await Department.GetOpenAsync(Token)).Cursor);
        Assert.Empty(await Department.ReadLogAsync(0, 10, Token));

        gate.SetResult();

        Assert.Equal(DeliveryStatus.Accepted, await first);
        Assert.All(await Task.WhenAll(others), status => Assert.Equal(DeliveryStatus.Accepted, status));
        Assert.Equal(9, (await Department.GetOpenAsync(Token)).Cursor);
        Assert.InRange(cluster.Store.Appends(_id), 2, 4);
    }

    [Fact]
    public async Task AppendAsync_StoreFails_LeavesTheLogAsItWasAndARetryIsAccepted()
    {
        await AppendAsync(1, 0, Firing("a"));
        cluster.Store.FailBeforeWrite(_id);

        await Assert.ThrowsAsync<IOException>(() => AppendAsync(1, 1, Resolved("a")));
        Assert.Equal(1, (await Department.GetOpenAsync(Token)).Cursor);
        Assert.Single((await Department.GetOpenAsync(Token)).Alerts);

        Assert.Equal(DeliveryStatus.Accepted, await AppendAsync(1, 1, Resolved("a")));
        Assert.Equal(2, cluster.Store.Entries(_id).Count);
    }

    [Fact]
    public async Task AppendAsync_StoredButAnswerLost_TheRetryIsADuplicate()
    {
        await AppendAsync(1, 0, Firing("a"));
        cluster.Store.FailAfterWrite(_id);
        await Assert.ThrowsAsync<IOException>(() => AppendAsync(1, 1, Resolved("a")));

        Assert.Equal(DeliveryStatus.Duplicate, await AppendAsync(1, 1, Resolved("a")));

        Assert.Equal([1L, 2], (await Department.ReadLogAsync(0, 10, Token)).Select(entry => entry.Cursor));
        Assert.Empty((await Department.GetOpenAsync(Token)).Alerts);
    }

    [Fact]
    public async Task AppendAsync_AnotherActivationWrote_StepsDownAndGoesOnBehindIt()
    {
        await AppendAsync(1, 0, Firing("a"));
        var entry = cluster.Store.Entries(_id)[0];
        await cluster.Store.AppendAsync(_id, [entry with { Cursor = 2, AlertId = "b", FirstCursor = 2 }], [new SenderWatermark(7, 5)], Token);

        await Assert.ThrowsAsync<AlertLogConflictException>(() => AppendAsync(1, 1, Resolved("a")));

        Assert.Equal(DeliveryStatus.Accepted, await AppendAsync(1, 1, Resolved("a")));
        Assert.Equal(DeliveryStatus.Duplicate, await AppendAsync(7, 0, Firing("b")));
        Assert.Equal([1L, 2, 3], cluster.Store.Entries(_id).Select(stored => stored.Cursor));
    }

    [Fact]
    public async Task ReachesAsync_AnotherActivationWrote_KnowsItAndGivesWayToOneThatDoes()
    {
        await AppendAsync(1, 0, Firing("a"));
        var entry = cluster.Store.Entries(_id)[0];
        await cluster.Store.AppendAsync(_id, [entry with { Cursor = 2, AlertId = "b", FirstCursor = 2 }], [new SenderWatermark(7, 5)], Token);
        Assert.Equal(1, (await Department.GetOpenAsync(Token)).Cursor);

        Assert.False(await Department.ReachesAsync(3, Token));
        Assert.True(await Department.ReachesAsync(2, Token));

        while ((await Department.GetOpenAsync(Token)).Cursor < 2)
        {
            await Task.Yield();
        }
    }

    [Fact]
    public async Task AppendAsync_BehindWhatAnotherActivationLogged_IsNoGap()
    {
        await AppendAsync(1, 0, Firing("a"));
        var entry = cluster.Store.Entries(_id)[0];
        await cluster.Store.AppendAsync(_id, [entry with { Cursor = 2, AlertId = "b", FirstCursor = 2 }], [new SenderWatermark(1, 2)], Token);

        Assert.Equal(DeliveryStatus.Accepted, await AppendAsync(1, 2, Resolved("a")));
        Assert.Equal([1L, 2, 3], cluster.Store.Entries(_id).Select(stored => stored.Cursor));
    }

    [Fact]
    public async Task Log_AfterDeactivation_GoesOnWhereItWas()
    {
        await AppendAsync(1, 0, Firing("a"), Firing("b"), Resolved("b"));
        await AcknowledgeAsync("a", "ann");
        var before = await Department.GetOpenAsync(Token);

        await cluster.DeactivateAsync(Department);

        var after = await Department.GetOpenAsync(Token);
        Assert.Equal(before.Cursor, after.Cursor);
        Assert.Equal(before.Alerts, after.Alerts);
        Assert.Equal(DeliveryStatus.Duplicate, await AppendAsync(1, 0, Firing("a"), Firing("b"), Resolved("b")));
        Assert.Equal(DeliveryStatus.Accepted, await AppendAsync(1, 3, Resolved("a")));
        Assert.Equal(5, (await Department.ReadLogAsync(4, 10, Token)).Single().Cursor);
    }

    [Fact]
    public async Task AcknowledgeAsync_OpenResolvedAndUnknown_AnswersEach()
    {
        await AppendAsync(1, 0, Firing("a"), Firing("b"), Resolved("b"));

        var acknowledged = await AcknowledgeAsync("a", "ann");
        var resolved = await AcknowledgeAsync("b", "ann");
        var unknown = await AcknowledgeAsync("c", "ann");

        Assert.Equal((AcknowledgeStatus.Acknowledged, "ann"), (acknowledged.Status, acknowledged.Alert!.Acknowledgement!.Person));
        Assert.Equal((AcknowledgeStatus.AlreadyResolved, "b"), (resolved.Status, resolved.Alert!.Id));
        Assert.Equal((AcknowledgeStatus.UnknownAlert, null), (unknown.Status, unknown.Alert));
        var logged = (await Department.ReadLogAsync(3, 10, Token)).Single();
        Assert.Equal(TransitionKind.Acknowledged, logged.Transition.Kind);
        Assert.Equal(acknowledged.Alert, logged.Alert);
    }

    [Fact]
    public async Task AcknowledgeAsync_AlertThatAnotherActivationLogged_IsFound()
    {
        await AppendAsync(1, 0, Firing("a"));
        cluster.Store.FailAfterWrite(_id);
        await Assert.ThrowsAsync<IOException>(() => AppendAsync(1, 1, Firing("b")));

        Assert.Equal(AcknowledgeStatus.Acknowledged, (await AcknowledgeAsync("b", "ann")).Status);
    }

    [Fact]
    public async Task ReadLogAsync_BehindAndWithinTheTail_GivesTheSameLog()
    {
        await AppendAsync(1, 0, [.. Enumerable.Range(0, 10).Select(number => Firing($"a{number}"))]);

        Assert.Equal([10L], (await Department.ReadLogAsync(9, 10, Token)).Select(entry => entry.Cursor));
        Assert.Equal([7L, 8], (await Department.ReadLogAsync(10 - DepartmentCluster.TailLength, 2, Token)).Select(entry => entry.Cursor));
        Assert.Equal(0, cluster.Store.Reads(_id));
        Assert.Equal([1L, 2, 3], (await Department.ReadLogAsync(0, 3, Token)).Select(entry => entry.Cursor));
        Assert.Equal(1, cluster.Store.Reads(_id));
        Assert.Empty(await Department.ReadLogAsync(10, 10, Token));
        Assert.Empty(await Department.ReadLogAsync(99, 10, Token));
    }

    [Fact]
    public async Task FindCursorAsync_BeforeAndBehindTheLog_GivesItsEnds()
    {
        await AppendAsync(1, 0, Firing("a"), Firing("b"));

        Assert.Equal(0, await Department.FindCursorAsync(0, Token));
        Assert.Equal(2, await Department.FindCursorAsync(long.MaxValue, Token));
    }

    [Fact]
    public async Task ListAsync_PageByPage_GivesEveryAlertOnceNewestFirst()
    {
        await AppendAsync(1, 0, Firing("a"), Firing("b"), Resolved("b"), Firing("c"), Firing("d"));
        var filter = new AlertFilter { IncludeResolved = true, Limit = 2 };

        var first = await Department.ListAsync(filter, Token);
        var second = await Department.ListAsync(filter with { BeforeCursor = first.NextBeforeCursor }, Token);

        Assert.Equal(["d", "c"], first.Alerts.Select(alert => alert.Id));
        Assert.Equal(["b", "a"], second.Alerts.Select(alert => alert.Id));
        Assert.Equal(0, second.NextBeforeCursor);
        Assert.Equal(["d", "c", "a"], (await Department.ListAsync(new AlertFilter(), Token)).Alerts.Select(alert => alert.Id));
    }

    [Fact]
    public async Task Subscribe_NewEntries_AreToldInOrderUntilUnsubscribed()
    {
        await AppendAsync(1, 0, Firing("a"));
        var observer = new Observer();
        var reference = cluster.Client.CreateObjectReference<IAlertLogObserver>(observer);
        Assert.Equal(1, await Department.SubscribeAsync(reference, Token));

        await AppendAsync(1, 1, Firing("b"), Resolved("b"));
        await AppendAsync(1, 3, Resolved("a"));

        Assert.Equal([2L, 3], await observer.NextAsync());
        Assert.Equal([4L], await observer.NextAsync());
        await Department.UnsubscribeAsync(reference, Token);
        await AppendAsync(1, 4, Firing("c"));
        Assert.Equal(4, await Department.SubscribeAsync(reference, Token) - 1);
        await AppendAsync(1, 5, Firing("d"));
        Assert.Equal([6L], await observer.NextAsync());
    }

    [Fact]
    public async Task Questions_OutOfRange_AreRefused()
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Department.ReadLogAsync(-1, 10, Token));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Department.ReadLogAsync(0, 0, Token));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Department.ReadLogAsync(0, 10_001, Token));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Department.ListAsync(new AlertFilter { Limit = 0 }, Token));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Department.ListAsync(new AlertFilter { Limit = 1_001 }, Token));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Department.ListAsync(new AlertFilter { Levels = [AlertLevel.None] }, Token));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Department.ListAsync(new AlertFilter { PathPrefix = "a//b" }, Token));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => AcknowledgeAsync("a", " "));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => AcknowledgeAsync("a", new string('x', 101)));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => AcknowledgeAsync(string.Empty, "ann"));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => AppendAsync(1, -1, Firing("a")));
    }

    private Task<DeliveryStatus> AppendAsync(int sender, long after, params AlertTransition[] transitions) =>
        Department.AppendAsync(new TransitionDelivery { Sender = sender, AfterNumber = after, Transitions = [.. transitions] }, Token);

    private Task<AcknowledgeResult> AcknowledgeAsync(string alert, string person) =>
        Department.AcknowledgeAsync(new AcknowledgeCommand { AlertId = alert, Person = person, Comment = "on it" }, Token);

    private static AlertTransition Firing(string alert) => Transition(alert, TransitionKind.Firing);

    private static AlertTransition Resolved(string alert) => Transition(alert, TransitionKind.Resolved);

    private static AlertTransition Transition(string alert, TransitionKind kind) => new()
    {
        AlertId = alert,
        Node = new NodeKey("flights.delay", "GA/ATL"),
        Rule = "high",
        Kind = kind,
        Level = AlertLevel.Warning,
        PeakLevel = AlertLevel.Warning,
        Time = 2_000,
        StartedAt = 1_000,
        Value = 42.5,
        Threshold = 40,
        WindowStart = 0,
        WindowEnd = 60_000,
        WindowPoints = 7,
        DictionaryVersion = 3,
    };

    private sealed class Observer : IAlertLogObserver
    {
        private readonly Channel<ImmutableArray<AlertLogEntry>> _told = Channel.CreateUnbounded<ImmutableArray<AlertLogEntry>>();

        public Task OnAppendedAsync(string department, ImmutableArray<AlertLogEntry> entries) => _told.Writer.WriteAsync(entries).AsTask();

        public async Task<IEnumerable<long>> NextAsync() => (await _told.Reader.ReadAsync(Token)).Select(entry => entry.Cursor);
    }
}
