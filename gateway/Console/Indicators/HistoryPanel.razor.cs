using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using Microsoft.JSInterop;
using Monitoring.Alerting;
using Monitoring.Dictionary;
using Monitoring.Gateway.Console.Language;
using Monitoring.Gateway.Console.Live;
using Monitoring.Gateway.Indicators;
using Monitoring.Indicators;

namespace Monitoring.Gateway.Console.Indicators;

/// <summary>History of a node as a chart that goes on by itself; range and view stand in the address.</summary>
public sealed partial class HistoryPanel
{
    private const string BucketView = "buckets";

    private ElementReference _element;
    private FollowLoop? _loop;
    private IJSObjectReference? _module;
    private IJSObjectReference? _drawing;
    private ChartModel? _chart;
    private (string? Range, string? View) _followed;
    private bool _isCustom;
    private bool _isTooLong;
    private int _amount = 3;
    private string _unit = "d";

    /// <summary>Who looks.</summary>
    [CascadingParameter]
    public required Viewer Viewer { get; set; }

    /// <summary>What the indicator means.</summary>
    [Parameter, EditorRequired]
    public required IndicatorDefinition Definition { get; set; }

    /// <summary>The node.</summary>
    [Parameter, EditorRequired]
    public required NodeKey Key { get; set; }

    /// <summary>Newest event time, milliseconds since 1970-01-01T00:00:00Z; 0 when none.</summary>
    [Parameter]
    public long NewestPoint { get; set; }

    /// <summary>Alerts on the node and below.</summary>
    [Parameter]
    public ImmutableArray<Alert> Alerts { get; set; } = [];

    /// <summary>Range, see <see cref="TimeRange"/>.</summary>
    [SupplyParameterFromQuery(Name = "range")]
    public string? Range { get; set; }

    /// <summary>What is drawn.</summary>
    [SupplyParameterFromQuery(Name = "view")]
    public string? View { get; set; }

    [Inject]
    private IConsoleData Data { get; set; } = default!;

    [Inject]
    private IOptions<ConsoleOptions> Options { get; set; } = default!;

    [Inject]
    private TimeProvider Clock { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private IJSRuntime Script { get; set; } = default!;

    private Texts T => Viewer.Texts;

    private TimeRange Current => TimeRange.Parse(Range);

    private bool IsPreset => TimeRange.Presets.Contains(Current);

    private bool WantsPeriod => View != BucketView;

    private long ResolutionMs => Current.ResolutionMs(Definition, Options.Value.MaxChartValues);

    private bool CanShowPeriod => PeriodSeries.CanTell(Definition.Period, ResolutionMs);

    private bool HidesThresholds => _chart is { Thresholds.IsEmpty: true } && !Definition.Rules.IsEmpty
        && Definition.Statistic is Statistic.Sum or Statistic.Count && !(_chart?.IsPeriod ?? false);

    private static int MaxAmount => TimeRange.MaxDays * 24 * 60;

    public async ValueTask DisposeAsync()
    {
        if (_loop is not null)
        {
            await _loop.DisposeAsync();
        }

        try
        {
            if (_drawing is not null)
            {
                await _drawing.InvokeVoidAsync("dispose");
                await _drawing.DisposeAsync();
            }

            if (_module is not null)
            {
                await _module.DisposeAsync();
            }
        }
        catch (JSDisconnectedException)
        {
            // The browser is gone, and the chart with it.
        }
    }

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        if (_followed != (Range, View))
        {
            _followed = (Range, View);
            _loop?.Restart(FollowAsync);
        }
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _module = await Script.InvokeAsync<IJSObjectReference>("import", "./js/charts.js");
            _drawing = await _module.InvokeAsync<IJSObjectReference>("draw", _element);
            _loop = new FollowLoop(Clock, Options.Value, () => { });
            _loop.Restart(FollowAsync);
        }
    }

    /// <summary>Reads the whole range once and then its end again whenever points arrived.</summary>
    private async Task FollowAsync(Action arrived, CancellationToken cancellationToken)
    {
        var resolution = ResolutionMs;
        var period = WantsPeriod && CanShowPeriod;
        var buckets = new HistoryBuffer();
        long drawnPoint = -1;
        ImmutableArray<Alert> drawnAlerts = [];
        using var timer = new PeriodicTimer(Options.Value.ChartInterval, Clock);
        do
        {
            if (drawnPoint == NewestPoint && drawnAlerts == Alerts)
            {
                continue;
            }

            (drawnPoint, drawnAlerts) = (NewestPoint, Alerts);
            var end = Clock.GetUtcNow().ToUnixTimeMilliseconds();
            var start = end - (long)Current.Length.TotalMilliseconds;
            var first = period ? PeriodSeries.WarmUpStart(Definition, start) : start;
            first -= first % resolution;
            var from = buckets.ReadFrom(first, resolution);
            var request = new NodeHistoryRequest(Key, from, end + 1, resolution, (int)((end - from) / resolution) + 2, Total: false);
            buckets.Take((await Data.GetHistoryAsync(request, cancellationToken)).Buckets, from, first);
            arrived();
            _chart = ChartModel.Of((Definition, Key), buckets.All, (start, end, resolution, period), Alerts, Viewer);
            await _drawing!.InvokeVoidAsync("update", cancellationToken, _chart);
            StateHasChanged();
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private string RangeLink(TimeRange range) => Navigation.GetUriWithQueryParameter("range", range.ToString());

    private string ViewLink(string? view) => Navigation.GetUriWithQueryParameter("view", view);

    private void ApplyCustom()
    {
        var range = new TimeRange(_amount, _unit[0]);
        _isTooLong = !range.IsAllowed;
        if (!_isTooLong)
        {
            _isCustom = false;
            Navigation.NavigateTo(RangeLink(range));
        }
    }
}
