using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Monitoring.Alerting;
using Monitoring.Departments;
using Monitoring.Gateway.Alerts;
using Monitoring.Gateway.Console.Alerts;
using Monitoring.Gateway.Console.Language;
using Monitoring.Indicators;

namespace Monitoring.Gateway.Console;

public sealed class AlertBoardTests
{
    private static readonly string[] Paths = ["", "GA", "GA/ATL", "GA/SAV", "G", "CA/LAX"];
    private static readonly AlertListFilter Everything = AlertListFilter.Parse(null, null);
    private static readonly Viewer English = new(ConsoleLanguage.English);

    [Fact]
    public void ListOf_ValuesOfOneIndicator_ShareTheirDecimals()
    {
        var values = new double?[] { 12.345, 150, 45.5, null };
        var alerts = values.Select((value, index) => ConsoleSamples.Alert($"a{index}", "GA", AlertLevel.Warning) is var alert
            ? alert with { Last = alert.Last with { Value = value } }
            : alert);

        var rows = AlertRow.ListOf([.. alerts], ConsoleSamples.Dictionary, English);

        Assert.Equal(["12.3 min", "150.0 min", "45.5 min", "–"], rows.Select(item => item.Row.Value));
    }

    [Fact]
    public async Task Board_FeedBreaks_ResumesFromLastCursor()
    {
        var data = new FakeConsoleData();
        using var board = NewBoard(data);
        await board.StartAsync(TestContext.Current.CancellationToken);

        var first = await data.NextAlertWatchAsync();
        first.Send(new AlertFeedItem.SnapshotAlert("noc", ConsoleSamples.Alert("a", "GA", AlertLevel.Warning)), new AlertFeedItem.SnapshotComplete("c1"));
        first.Send(Event("c2", ConsoleSamples.Alert("b", "GA/ATL", AlertLevel.Critical)));
        first.Break();

        var second = await data.NextAlertWatchAsync();
        Assert.Equal(new AlertWatchStart.Cursor("c2"), second.Request.Start);
        Assert.Equal(FeedConnection.Lost, board.Current.Connection);
        Assert.Equal(["a", "b"], board.Current.Open("noc").Select(alert => alert.Id).Order());

        var live = WaitFor(board, state => state.Open("noc").Count() == 1);
        second.Send(Event("c3", ConsoleSamples.Alert("a", "GA", AlertLevel.Warning, kind: TransitionKind.Resolved)));
        await live;
        Assert.Equal(FeedConnection.Live, board.Current.Connection);
        await board.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Board_BreaksWithinSnapshot_StartsTheSnapshotAfresh()
    {
        var data = new FakeConsoleData();
        using var board = NewBoard(data);
        await board.StartAsync(TestContext.Current.CancellationToken);
        var first = await data.NextAlertWatchAsync();
        first.Send(new AlertFeedItem.SnapshotAlert("noc", ConsoleSamples.Alert("old", "GA", AlertLevel.Warning)));
        first.Break();

        var second = await data.NextAlertWatchAsync();
        Assert.IsType<AlertWatchStart.Snapshot>(second.Request.Start);
        var live = WaitFor(board, state => state.Connection == FeedConnection.Live);
        second.Send(new AlertFeedItem.SnapshotAlert("noc", ConsoleSamples.Alert("new", "GA", AlertLevel.Info)), new AlertFeedItem.SnapshotComplete("c1"));
        await live;
        Assert.Equal(["new"], board.Current.Open("noc").Select(alert => alert.Id));
        await board.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Board_DictionaryNamesNewDepartment_WatchesItToo()
    {
        var data = new FakeConsoleData();
        using var board = NewBoard(data);
        await board.StartAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["noc", "punctuality"], (await data.NextAlertWatchAsync()).Request.Departments);

        data.Apply(new()
        {
            Version = 2,
            Indicators = data.Dictionary.Indicators,
            Departments = [.. data.Dictionary.Departments, new() { Id = "ga", Name = new() { En = "Georgia" } }],
        });

        Assert.Equal(["noc", "punctuality", "ga"], (await data.NextAlertWatchAsync()).Request.Departments);
        await board.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Index_CountsEveryAlertOnceInEachAncestor() =>
        Gen.Select(Gen.Int[0, 5].Select(i => Paths[i]), Gen.Int[1, 3].Select(level => (AlertLevel)level))
            .Array[0, 30].Sample(drawn =>
            {
                var alerts = drawn.Select((item, i) => ConsoleSamples.Alert($"{i}", item.Item1, item.Item2)).ToList();
                var index = AlertIndex.Of(alerts);
                foreach (var path in new[] { "", "GA", "GA/ATL", "G", "CA" })
                {
                    var expected = alerts.Count(alert => path.Length == 0 || $"{alert.Last.Node.Path}/".StartsWith($"{path}/", StringComparison.Ordinal));
                    Assert.Equal(expected, index.AtOrBelow(new NodeKey("flights.delay", path)).Total);
                    Assert.Equal(expected, index.ListAtOrBelow(new NodeKey("flights.delay", path)).Count());
                }
            });

    [Fact]
    public void List_AlertComesWhileLooking_EntersOnTopMarkedNew()
    {
        var list = new AlertList();
        var old = ConsoleSamples.Alert("a", "GA", AlertLevel.Warning);
        list.Update([old], ConsoleSamples.Dictionary, English, Everything);
        Assert.Empty(list.JustEntered);

        list.Update([old, ConsoleSamples.Alert("b", "GA/ATL", AlertLevel.Critical, ConsoleSamples.Start + 1)], ConsoleSamples.Dictionary, English, Everything);

        Assert.Equal([("b", true), ("a", false)], list.Rows.Select(row => (row.Id, row.IsNew)));
        Assert.Equal(["b"], list.JustEntered.Select(row => row.Id));
        Assert.Equal("Average delay · GA/ATL", list.Rows[0].Title);
        Assert.Equal(("45.50 min", "≥ 40 min", "Running late"), (list.Rows[0].Value, list.Rows[0].Threshold, list.Rows[0].Rule));
    }

    [Fact]
    public void List_SeveralLevels_MostSevereFirstThenNewest()
    {
        var list = new AlertList();
        Alert[] alerts =
        [
            ConsoleSamples.Alert("new warning", "GA", AlertLevel.Warning, ConsoleSamples.Start + 3),
            ConsoleSamples.Alert("old", "GA", AlertLevel.Critical, ConsoleSamples.Start + 1),
            ConsoleSamples.Alert("info", "GA", AlertLevel.Info, ConsoleSamples.Start + 4),
            ConsoleSamples.Alert("new", "GA", AlertLevel.Critical, ConsoleSamples.Start + 2),
        ];
        list.Update(alerts, ConsoleSamples.Dictionary, English, Everything);

        Assert.Equal(["new", "old", "new warning", "info"], list.Rows.Select(row => row.Id));
        Assert.Equal(["new", "old", "new warning", "info"], AlertIndex.Of(alerts).ListAtOrBelow(new NodeKey("flights.delay", "")).Select(alert => alert.Id));
    }

    [Theory]
    [InlineData("critical", null, "b")]
    [InlineData("warning,nonsense", null, "a")]
    [InlineData(null, "atl", "b")]
    [InlineData(null, "average", "b,a")]
    [InlineData("info", null, "")]
    public void List_FilterOfTheAddress_ShowsWhatMatches(string? levels, string? text, string expected)
    {
        var list = new AlertList();
        var alerts = new[]
        {
            ConsoleSamples.Alert("a", "GA", AlertLevel.Warning),
            ConsoleSamples.Alert("b", "GA/ATL", AlertLevel.Critical, ConsoleSamples.Start + 1),
        };
        list.Update(alerts, ConsoleSamples.Dictionary, English, AlertListFilter.Parse(levels, text));
        Assert.Equal(expected, string.Join(',', list.Rows.Select(row => row.Id)));
    }

    [Theory]
    [InlineData(TransitionKind.Firing, 45.5, "≥ 40 min")]
    [InlineData(TransitionKind.Deescalated, 29.5, "< 40 min")]
    [InlineData(TransitionKind.Resolved, 29.5, "< 40 min")]
    [InlineData(TransitionKind.Resolved, 45.5, "")] // For want of points.
    [InlineData(TransitionKind.Resolved, null, "")]
    public void Row_Threshold_HasTheSideThatWasReached(TransitionKind kind, double? value, string expected)
    {
        var alert = ConsoleSamples.Alert("a", "GA", AlertLevel.Warning, kind: kind);
        alert = alert with { Last = alert.Last with { Value = value } };

        Assert.Equal(expected, AlertRow.ListOf([alert], ConsoleSamples.Dictionary, English).Single().Row.Threshold);
    }

    private static AlertFeedItem Event(string cursor, Alert alert) => new AlertFeedItem.Event(
        cursor, "noc", new AlertLogEntry { Cursor = 1, LoggedAt = ConsoleSamples.Start, Transition = alert.Last, Alert = alert });

    private static AlertBoard NewBoard(FakeConsoleData data) => new(
        data,
        Options.Create(new ConsoleOptions { MinBackoff = TimeSpan.FromMilliseconds(10) }),
        TimeProvider.System,
        NullLogger<AlertBoard>.Instance);

    private static async Task WaitFor(AlertBoard board, Func<AlertBoardState, bool> condition)
    {
        var reached = new TaskCompletionSource();
        board.Changed += (_, _) =>
        {
            if (condition(board.Current))
            {
                reached.TrySetResult();
            }
        };
        if (!condition(board.Current))
        {
            await reached.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        }
    }
}
