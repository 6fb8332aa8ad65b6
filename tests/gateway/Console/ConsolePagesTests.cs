using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.JSInterop;
using Monitoring.Alerting;
using Monitoring.Departments;
using Monitoring.Dictionary;
using Monitoring.Gateway.Alerts;
using Monitoring.Gateway.Console.Alerts;
using Monitoring.Gateway.Console.Indicators;
using Monitoring.Gateway.Console.Language;
using Monitoring.Gateway.Indicators;
using Monitoring.Indicators;
using MudBlazor;
using MudBlazor.Services;
using TestContext = Xunit.TestContext;

namespace Monitoring.Gateway.Console;

public sealed class ConsolePagesTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly BunitContext _context = new();
    private readonly FakeConsoleData _data = new();

    public async ValueTask InitializeAsync()
    {
        _context.JSInterop.Mode = JSRuntimeMode.Loose;
        _context.Services.AddMudServices();
        _context.Services.AddSingleton<IConsoleData>(_data);
        _context.Services.AddSingleton(TimeProvider.System);
        _context.Services.AddSingleton(Options.Create(new ConsoleOptions { RenderInterval = TimeSpan.FromMilliseconds(10) }));
        _context.Services.AddSingleton<AlertBoard>();
        _context.Services.AddSingleton<Sparklines>();
        _context.Services.AddSingleton<NodeCensus>();
        await _context.Services.GetRequiredService<AlertBoard>().StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _context.Services.GetRequiredService<AlertBoard>().StopAsync(TestContext.Current.CancellationToken);
        await _context.DisposeAsync();
    }

    [Fact]
    public async Task IndicatorsPage_ValueChanges_ChangesInPlace()
    {
        var page = Render<IndicatorsPage>(ConsoleLanguage.English);
        var watch = await _data.NextNodeWatchAsync();
        watch.Send(new Gateway.Indicators.LiveNodesUpdate([ConsoleSamples.Reading("flights.delay", "", 12.5)], SnapshotComplete: true));
        page.WaitForAssertion(() => Assert.Contains("12.50", Row(page, "Average delay"), StringComparison.Ordinal), Patience);

        watch.Send(new Gateway.Indicators.LiveNodesUpdate([ConsoleSamples.Reading("flights.delay", "", 47, AlertLevel.Critical)], SnapshotComplete: false));

        page.WaitForAssertion(() => Assert.Contains("47", Row(page, "Average delay"), StringComparison.Ordinal), Patience);
        Assert.Contains("Critical", Row(page, "Average delay"), StringComparison.Ordinal);
        Assert.DoesNotContain("12.50", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task IndicatorsPage_NodeIsOpened_ShowsItsChildrenAndKeepsThemInTheAddress()
    {
        var page = Render<IndicatorsPage>(ConsoleLanguage.English);
        await _data.NextNodeWatchAsync();
        page.WaitForElement("button[aria-label='Expand Average delay']", Patience).Click();

        var watch = await _data.NextNodeWatchAsync();
        watch.Send(new Gateway.Indicators.LiveNodesUpdate([ConsoleSamples.Reading("flights.delay", "GA", 33)], SnapshotComplete: true));

        page.WaitForAssertion(() => Assert.Contains("33", Row(page, "GA"), StringComparison.Ordinal), Patience);
        Assert.Contains("open=flights.delay", _context.Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
    }

    [Fact]
    public void IndicatorsPage_EmptyDictionary_ExplainsHowToBegin()
    {
        _data.Apply(new() { Version = 2 });
        var page = Render<IndicatorsPage>(ConsoleLanguage.Chinese);
        Assert.Contains("还没有指标", page.Markup, StringComparison.Ordinal);
        Assert.Contains("--demo", page.Markup, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ConsoleLanguage.English, "Average delay", "Running late", "Warning")]
    [InlineData(ConsoleLanguage.Chinese, "平均延误", "延误偏高", "警告")]
    public async Task IndicatorPage_ShowsValueRulesAndChildrenInTheVisitorsLanguage(
        ConsoleLanguage language, string name, string rule, string level)
    {
        _context.ComponentFactories.AddStub<HistoryPanel>();
        var page = Render<IndicatorPage>(language, parameters => parameters.Add(page => page.Code, "flights.delay").Add(page => page.Path, "GA"));
        var watch = await _data.NextNodeWatchAsync();
        watch.Send(new Gateway.Indicators.LiveNodesUpdate(
            [ConsoleSamples.Reading("flights.delay", "GA", 21.5, AlertLevel.Warning), ConsoleSamples.Reading("flights.delay", "GA/ATL", 30)],
            SnapshotComplete: true));

        page.WaitForAssertion(() => Assert.Contains("21.50", page.Markup, StringComparison.Ordinal), Patience);
        Assert.Equal($"{name}GA", page.Find("h1").TextContent);
        Assert.Contains(rule, page.Markup, StringComparison.Ordinal);
        Assert.Contains(level, page.Find("section").TextContent, StringComparison.Ordinal);
        Assert.Equal("/indicators/flights.delay/GA/ATL", page.Find("ol.bars a").GetAttribute("href"));
    }

    [Theory]
    [InlineData(ConsoleLanguage.English, "this month", "+25.0 % vs previous", "−20.0 % vs year ago")]
    [InlineData(ConsoleLanguage.Chinese, "本月", "环比 +25.0 %", "同比 −20.0 %")]
    public void PeriodFacts_OfACalendar_TellsEachPeriodAndItsChanges(ConsoleLanguage language, string label, string previous, string yearBefore)
    {
        var month = new Period { Kind = PeriodKind.Month };
        var definition = ConsoleSamples.Flights with { MorePeriods = [month], Better = BetterDirection.Higher, Unit = "CNY" };
        var reading = ConsoleSamples.Reading("flights.count", "GA", 21.5) with
        {
            MorePeriods = [new PeriodReading { Period = month, Value = 100, Aggregate = default, Start = 0, End = 1 }],
        };
        _data.Comparisons =
        [
            new PeriodComparison(month, 20, 5,
            [
                Comparison.Of(ComparisonBase.Previous, new PeriodWindow(0, 1), 100, 80, definition.Better),
                Comparison.Of(ComparisonBase.YearBefore, default, 100, 125, definition.Better),
            ]),
        ];

        var facts = Render<PeriodFacts>(language, parameters => parameters.Add(facts => facts.Definition, definition).Add(facts => facts.Reading, reading));

        facts.WaitForAssertion(() => Assert.Equal(
            [label, "100 CNY", previous, yearBefore], facts.FindAll("div")[1].Children.Select(part => part.TextContent.Trim())), Patience);
        Assert.Equal(["change better", "change worse"], facts.FindAll(".change").Select(change => change.ClassName));
    }

    [Theory]
    [InlineData(ConsoleLanguage.English, "There is no department nope in the dictionary.")]
    [InlineData(ConsoleLanguage.Chinese, "字典中没有部门 nope。")]
    public void AlertsPage_UnknownDepartment_SaysSoAndLeadsBack(ConsoleLanguage language, string text)
    {
        var page = Render<AlertsPage>(language, parameters => parameters.Add(page => page.Department, "nope"));

        Assert.Contains(text, page.Markup, StringComparison.Ordinal);
        Assert.Equal("/alerts", page.Find("a.button").GetAttribute("href"));
        Assert.Empty(page.FindAll("select, .level"));
    }

    [Fact]
    public void IndicatorPage_PathIsTooDeep_SaysSoAndLeadsBack()
    {
        var page = Render<IndicatorPage>(
            ConsoleLanguage.English, parameters => parameters.Add(page => page.Code, "flights.delay").Add(page => page.Path, "a/b/c"));

        Assert.Contains("Average delay cannot have a node a/b/c. Its breakdown is: state / airport.", page.Markup, StringComparison.Ordinal);
        Assert.Equal("/indicators/flights.delay", page.Find("a.button").GetAttribute("href"));
        Assert.Empty(page.FindAll(".level"));
    }

    [Fact]
    public async Task IndicatorPage_NodeWithoutPoints_IsNotCalledNormal()
    {
        _context.ComponentFactories.AddStub<HistoryPanel>();
        var page = Render<IndicatorPage>(
            ConsoleLanguage.English, parameters => parameters.Add(page => page.Code, "flights.delay").Add(page => page.Path, "ZZ/ZZZ"));
        var watch = await _data.NextNodeWatchAsync();
        watch.Send(new Gateway.Indicators.LiveNodesUpdate([], SnapshotComplete: true));

        page.WaitForAssertion(() => Assert.Contains("No points have arrived here yet.", page.Markup, StringComparison.Ordinal), Patience);
        Assert.DoesNotContain("Normal", page.Find("section.now").TextContent, StringComparison.Ordinal);

        watch.Send(new Gateway.Indicators.LiveNodesUpdate([ConsoleSamples.Reading("flights.delay", "ZZ/ZZZ", 3)], SnapshotComplete: false));
        page.WaitForAssertion(() => Assert.Contains("Normal", page.Find("section.now").TextContent, StringComparison.Ordinal), Patience);
        Assert.DoesNotContain("No points have arrived here yet.", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AlertsPage_AlertBegins_EntersByItselfOnTop()
    {
        var page = Render<AlertsPage>(ConsoleLanguage.English, parameters => parameters.Add(page => page.Department, "noc"));
        var watch = await _data.NextAlertWatchAsync();
        watch.Send(new AlertFeedItem.SnapshotAlert("noc", ConsoleSamples.Alert("a", "GA", AlertLevel.Warning)), new AlertFeedItem.SnapshotComplete("1"));
        page.WaitForAssertion(() => Assert.Single(Lines(page)), Patience);

        watch.Send(Event("2", ConsoleSamples.Alert("b", "GA/ATL", AlertLevel.Critical, ConsoleSamples.Start + 1)));

        page.WaitForAssertion(() => Assert.Equal(2, Lines(page).Count), Patience);
        Assert.Contains("GA/ATL", Lines(page)[0], StringComparison.Ordinal);
        Assert.Contains("Critical", Lines(page)[0], StringComparison.Ordinal);
        Assert.Contains("≥ 40 min", Lines(page)[0], StringComparison.Ordinal);
        Assert.Equal("New alert: Critical, Average delay · GA/ATL, 45.50 min", page.Find("[aria-live]").TextContent);

        watch.Send(Event("3", ConsoleSamples.Alert("a", "GA", AlertLevel.Warning, kind: TransitionKind.Resolved)));
        page.WaitForAssertion(() => Assert.Single(Lines(page)), Patience);
    }

    [Fact]
    public async Task AlertsPage_FeedBreaks_SaysSoAndRecovers()
    {
        var page = Render<AlertsPage>(ConsoleLanguage.Chinese, parameters => parameters.Add(page => page.Department, "noc"));
        var watch = await _data.NextAlertWatchAsync();
        watch.Send(new AlertFeedItem.SnapshotComplete("1"));
        page.WaitForAssertion(() => Assert.Contains("一切正常", page.Markup, StringComparison.Ordinal), Patience);
        watch.Break();
        page.WaitForAssertion(() => Assert.Contains("预警流中断", page.Markup, StringComparison.Ordinal), Patience);

        (await _data.NextAlertWatchAsync()).Send(new AlertFeedItem.Heartbeat("1"));
        page.WaitForAssertion(() => Assert.DoesNotContain("预警流中断", page.Markup, StringComparison.Ordinal), Patience);
    }

    [Fact]
    public async Task AlertsPage_Acknowledge_SendsPersonAndCommentAndShowsWho()
    {
        var dialogs = _context.Render<CascadingValue<Viewer>>(cascade => cascade
            .Add(value => value.Value, new Viewer(ConsoleLanguage.English)).AddChildContent<MudDialogProvider>());
        _context.Render<MudPopoverProvider>();
        var page = Render<AlertsPage>(ConsoleLanguage.English, parameters => parameters.Add(page => page.Department, "noc"));
        var watch = await _data.NextAlertWatchAsync();
        watch.Send(new AlertFeedItem.SnapshotAlert("noc", ConsoleSamples.Alert("a", "GA", AlertLevel.Warning)), new AlertFeedItem.SnapshotComplete("1"));
        page.WaitForElement("button[aria-label='Acknowledge Average delay · GA']", Patience).Click();

        dialogs.WaitForElement("input[name=person]", Patience).Change("Li Wei");
        dialogs.Find("textarea[name=comment]").Change("calling the airport");
        dialogs.Find("form").Submit();

        dialogs.WaitForAssertion(() => Assert.Empty(dialogs.FindAll("form")), Patience);
        Assert.Equal(
            [("noc", new AcknowledgeCommand { AlertId = "a", Person = "Li Wei", Comment = "calling the airport" })], _data.Acknowledged);
        watch.Send(Event("2", ConsoleSamples.Alert("a", "GA", AlertLevel.Warning, person: "Li Wei")));
        page.WaitForAssertion(() => Assert.Contains("by Li Wei: on it", page.Markup, StringComparison.Ordinal), Patience);
    }

    [Fact]
    public async Task AcknowledgeDialog_BrowserCannotRememberThePerson_IsDoneAllTheSame()
    {
        _context.JSInterop.SetupVoid("monitoringConsole.remember", call => Equals(call.Arguments[0], "person"))
            .SetException(new JSException("The quota has been exceeded."));
        var dialogs = _context.Render<CascadingValue<Viewer>>(cascade => cascade
            .Add(value => value.Value, new Viewer(ConsoleLanguage.English)).AddChildContent<MudDialogProvider>());
        _context.Render<MudPopoverProvider>();
        var page = Render<AlertsPage>(ConsoleLanguage.English, parameters => parameters.Add(page => page.Department, "noc"));
        (await _data.NextAlertWatchAsync()).Send(
            new AlertFeedItem.SnapshotAlert("noc", ConsoleSamples.Alert("a", "GA", AlertLevel.Warning)), new AlertFeedItem.SnapshotComplete("1"));
        page.WaitForElement("button[aria-label='Acknowledge Average delay · GA']", Patience).Click();
        dialogs.WaitForElement("input[name=person]", Patience).Change("Li Wei");

        dialogs.Find("form").Submit();

        dialogs.WaitForAssertion(() => Assert.Empty(dialogs.FindAll("form")), Patience);
        Assert.Single(_data.Acknowledged);
    }

    [Fact]
    public async Task RecentAlerts_AnEarlierQuestionIsAnsweredLast_ShowsTheLaterOne()
    {
        var slow = new TaskCompletionSource<AlertPage>();
        _data.ListAnswer = filter => filter.Levels.IsEmpty ? slow.Task : Task.FromResult(PageOf("TX"));
        var all = AlertListFilter.Parse(null, null);
        var page = Render<RecentAlerts>(
            ConsoleLanguage.English, parameters => parameters.Add(list => list.Department, "noc").Add(list => list.Filter, all));
        page.Render(parameters => parameters.Add(list => list.Filter, AlertListFilter.Parse("warning", null)));
        page.WaitForAssertion(() => Assert.Contains("TX", Assert.Single(Lines(page)), StringComparison.Ordinal), Patience);

        await page.InvokeAsync(() => slow.SetResult(PageOf("GA")));

        page.Render();
        Assert.Contains("TX", Assert.Single(Lines(page)), StringComparison.Ordinal);

        static AlertPage PageOf(string path) => new()
        {
            Alerts = [ConsoleSamples.Alert(path, path, AlertLevel.Warning, kind: TransitionKind.Resolved)],
            NextBeforeCursor = 0,
        };
    }

    [Fact]
    public void AlertsPage_ResolvedTab_ListsResolvedAlertsOnly()
    {
        _data.Listed =
        [
            ConsoleSamples.Alert("open", "CA", AlertLevel.Info),
            ConsoleSamples.Alert("done", "GA", AlertLevel.Warning, kind: TransitionKind.Resolved),
        ];
        _context.Services.GetRequiredService<NavigationManager>().NavigateTo("/alerts/noc?tab=resolved");
        var page = Render<AlertsPage>(ConsoleLanguage.English, parameters => parameters.Add(page => page.Department, "noc"));
        page.WaitForAssertion(() => Assert.Contains("Resolved", Assert.Single(Lines(page)), StringComparison.Ordinal), Patience);
    }

    private static AlertFeedItem Event(string cursor, Alert alert) => new AlertFeedItem.Event(
        cursor, "noc", new AlertLogEntry { Cursor = 1, LoggedAt = ConsoleSamples.Start, Transition = alert.Last, Alert = alert });

    private static List<string> Lines<TPage>(IRenderedComponent<TPage> page)
        where TPage : IComponent =>
        [.. page.FindAll("[role=row]").Where(row => row.QuerySelector("[role=cell] a") is not null).Select(row => row.TextContent)];

    private static string Row<TPage>(IRenderedComponent<TPage> page, string label)
        where TPage : IComponent =>
        page.FindAll("[role=row]").Single(row => row.QuerySelector("[role=cell] a")?.TextContent == label).TextContent;

    private IRenderedComponent<TPage> Render<TPage>(
        ConsoleLanguage language, Action<ComponentParameterCollectionBuilder<TPage>>? parameters = null)
        where TPage : IComponent
    {
        _context.RenderTree.TryAdd<CascadingValue<Viewer>>(cascade => cascade.Add(value => value.Value, new Viewer(language)));
        return _context.Render<TPage>(builder => parameters?.Invoke(builder));
    }
}
