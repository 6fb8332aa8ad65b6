using Monitoring.Alerting;
using Monitoring.Departments;

namespace Monitoring.ClusterTests.Storage;

/// <summary>What every storage engine must keep of alert logs.</summary>
public abstract class AlertLogStoreTests(TestStorage storage) : IAsyncDisposable
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await storage.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task LoadAsync_AfterReopening_GivesEndWatermarksAndOpenAlerts()
    {
        await using (var opened = await storage.OpenAsync())
        {
            var store = opened.AlertLogs;
            await store.AppendAsync("noc", [Entry(1, "a", first: 1), Entry(2, "b", first: 2)], [new(3, 7), new(4, 1)], Cancel);
            await store.AppendAsync("noc", [Entry(3, "a", first: 1, isOpen: false)], [new(3, 8)], Cancel);
        }

        await using var reopened = await storage.OpenAsync();
        var head = await reopened.AlertLogs.LoadAsync("noc", Cancel);

        Assert.Equal((3, 1_003), (head.LastCursor, head.LastLoggedAt));
        Assert.Equal([new(3, 8), new(4, 1)], head.Watermarks.OrderBy(mark => mark.Sender));
        Assert.Equal(["b"], head.OpenAlerts.Select(alert => alert.AlertId));
    }

    [Fact]
    public async Task LoadAsync_UnknownDepartment_IsEmpty()
    {
        await using var opened = await storage.OpenAsync();

        var head = await opened.AlertLogs.LoadAsync("nobody", Cancel);

        Assert.Equal((0, 0, 0, 0), (head.LastCursor, head.LastLoggedAt, head.Watermarks.Count, head.OpenAlerts.Count));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task AppendAsync_CursorIsNotTheNext_ChangesNothing(long cursor)
    {
        await using var opened = await storage.OpenAsync();
        var store = opened.AlertLogs;
        await store.AppendAsync("noc", [Entry(1, "a", 1), Entry(2, "b", 2)], [new(0, 2)], Cancel);

        await Assert.ThrowsAsync<AlertLogConflictException>(() => store.AppendAsync("noc", [Entry(cursor, "c", cursor)], [new(0, 9)], Cancel));

        var head = await store.LoadAsync("noc", Cancel);
        Assert.Equal(2, head.LastCursor);
        Assert.Equal([new SenderWatermark(0, 2)], head.Watermarks);
    }

    [Fact]
    public async Task AppendAsync_SeveralActivationsAtOnce_OneWritesAndTheOthersAreTold()
    {
        await using var opened = await storage.OpenAsync();
        var store = opened.AlertLogs;

        var appends = Enumerable.Range(1, 8)
            .Select(sender => store.AppendAsync("noc", [Entry(1, $"a{sender}", 1), Entry(2, $"b{sender}", 2)], [new(sender, 2)], Cancel))
            .ToArray();
        await Task.WhenAll(appends).ContinueWith(_ => { }, Cancel, TaskContinuationOptions.None, TaskScheduler.Default);

        var writer = Assert.Single(Enumerable.Range(0, 8), index => appends[index].IsCompletedSuccessfully) + 1;
        Assert.Equal(7, appends.Count(append => append.Exception?.InnerException is AlertLogConflictException));
        var head = await store.LoadAsync("noc", Cancel);
        Assert.Equal([new SenderWatermark(writer, 2)], head.Watermarks);
        Assert.Equal([$"a{writer}", $"b{writer}"], head.OpenAlerts.Select(alert => alert.AlertId));
    }

    [Fact]
    public async Task ReadAsync_GivesEntriesBehindTheCursorOfThatDepartmentAlone()
    {
        await using var opened = await storage.OpenAsync();
        var store = opened.AlertLogs;
        await store.AppendAsync("noc", [.. Enumerable.Range(1, 5).Select(cursor => Entry(cursor, $"a{cursor}", cursor))], [], Cancel);
        await store.AppendAsync("ops", [Entry(1, "other", 1)], [], Cancel);

        var page = await store.ReadAsync("noc", afterCursor: 2, limit: 2, Cancel);

        Assert.Equal([(3, "a3", 3), (4, "a4", 4)], page.Select(entry => ((int)entry.Cursor, entry.AlertId, (int)entry.Payload[0])));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1_001, 0)]
    [InlineData(1_002, 1)]
    [InlineData(1_003, 2)]
    [InlineData(9_999, 3)]
    public async Task FindCursorAsync_PointsInFrontOfTheFirstEntryAtOrAfterATime(long time, long expected)
    {
        await using var opened = await storage.OpenAsync();
        var store = opened.AlertLogs;
        await store.AppendAsync("noc", [Entry(1, "a", 1), Entry(2, "b", 2), Entry(3, "c", 3)], [], Cancel);

        Assert.Equal(expected, await store.FindCursorAsync("noc", time, Cancel));
    }

    [Fact]
    public async Task ListAsync_FiltersAndPages()
    {
        await using var opened = await storage.OpenAsync();
        var store = opened.AlertLogs;
        await store.AppendAsync(
            "noc",
            [
                Entry(1, "a", 1, path: "GA"),
                Entry(2, "b", 2, path: "GA/ATL", level: AlertLevel.Critical),
                Entry(3, "c", 3, path: "GAX"),
                Entry(4, "d", 4, isOpen: false),
                Entry(5, "e", 5, code: "other"),
            ],
            [],
            Cancel);

        Assert.Equal("e c b a", await ListAsync(new AlertFilter()));
        Assert.Equal("e d c b a", await ListAsync(new AlertFilter { IncludeResolved = true }));
        Assert.Equal("b a", await ListAsync(new AlertFilter { PathPrefix = "GA" }));
        Assert.Equal("e", await ListAsync(new AlertFilter { Code = "other" }));
        Assert.Equal("b", await ListAsync(new AlertFilter { Levels = [AlertLevel.Critical, AlertLevel.Info] }));
        Assert.Equal("c b", await ListAsync(new AlertFilter { BeforeCursor = 5, Limit = 2 }));

        async Task<string> ListAsync(AlertFilter filter) =>
            string.Join(' ', (await store.ListAsync("noc", filter, Cancel)).Select(entry => entry.AlertId));
    }

    [Fact]
    public async Task FindAlertAsync_GivesItsLastEntry()
    {
        await using var opened = await storage.OpenAsync();
        var store = opened.AlertLogs;
        await store.AppendAsync("noc", [Entry(1, "a", 1), Entry(2, "a", 1, isOpen: false)], [], Cancel);

        var found = await store.FindAlertAsync("noc", "a", Cancel);

        Assert.Equal((2, 1, false), (found!.Cursor, found.FirstCursor, found.IsOpen));
        Assert.Null(await store.FindAlertAsync("noc", "b", Cancel));
    }

    private static StoredAlertEntry Entry(
        long cursor, string alert, long first, bool isOpen = true, string path = "", string code = "orders", AlertLevel level = AlertLevel.Warning) =>
        new(cursor, 1_000 + cursor, alert, first, isOpen, level, code, path, [(byte)cursor]);
}
