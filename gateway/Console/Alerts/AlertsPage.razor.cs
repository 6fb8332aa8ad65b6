using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using Monitoring.Alerting;
using Monitoring.Gateway.Console.Language;
using MudBlazor;

namespace Monitoring.Gateway.Console.Alerts;

/// <summary>The live alerts of one department.</summary>
public sealed partial class AlertsPage
{
    /// <summary>Under which name the browser remembers the department visited last.</summary>
    internal const string LastDepartmentKey = "department";

    private const string RecentTab = "resolved";

    // Whoever has more open alerts than this needs the filters, not a longer page.
    private const int MaxRows = 500;

    private readonly AlertList _list = new();
    private AlertListFilter _filter = AlertListFilter.Parse(null, null);
    private string _text = string.Empty;
    private string _announcement = string.Empty;
    private string? _shownDepartment;
    private int _resolvedSeen;

    /// <summary>Id of the department.</summary>
    [Parameter]
    public required string Department { get; set; }

    /// <summary>Levels to show, joined by ','.</summary>
    [SupplyParameterFromQuery(Name = "level")]
    public string? Levels { get; set; }

    /// <summary>Text to search for.</summary>
    [SupplyParameterFromQuery(Name = "q")]
    public string? Text { get; set; }

    /// <summary>Which list.</summary>
    [SupplyParameterFromQuery(Name = "tab")]
    public string? Tab { get; set; }

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private IDialogService Dialogs { get; set; } = default!;

    [Inject]
    private IJSRuntime Script { get; set; } = default!;

    private bool IsRecent => Tab == RecentTab;

    private int OpenCount => Board.Current.Counts(Department).Total;

    private bool IsConnecting => Board.Current.Connection == FeedConnection.Connecting;

    private string EmptyText => (IsConnecting, OpenCount) switch
    {
        (true, _) => T.FeedConnecting,
        (_, 0) => T.NoOpenAlerts,
        _ => T.NothingMatches,
    };

    private string EmptyIcon => OpenCount == 0 && !IsConnecting ? Icons.Material.Outlined.CheckCircle : Icons.Material.Outlined.FilterAlt;

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        if (_shownDepartment != Department)
        {
            _shownDepartment = Department;
            _list.Reset();
        }

        _filter = AlertListFilter.Parse(Levels, Text);
        _text = _filter.Text.Length > 0 && _text.Trim() == _filter.Text ? _text : _filter.Text;
        Refresh();
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await Script.InvokeVoidAsync("monitoringConsole.remember", LastDepartmentKey, Department);
        }
    }

    /// <inheritdoc/>
    protected override void Refresh()
    {
        if (IsConnecting)
        {
            return;
        }

        var before = _list.OpenIds;
        _list.Update(Board.Current.Open(Department), Data.Dictionary, Viewer, _filter);
        _resolvedSeen += before.IsSubsetOf(_list.OpenIds) ? 0 : 1;
        _announcement = _list.JustEntered switch
        {
            [] => _announcement,
            [var one] => Viewer.Fill(T.NewAlertAnnounced, Viewer.LevelText(one.Level), one.Title, one.Value),
            var several => Viewer.Fill(T.NewAlertsAnnounced, several.Length),
        };
    }

    private string TabLink(string? tab) => Navigation.GetUriWithQueryParameter("tab", tab);

    private void ToggleLevel(AlertLevel level) => Go("level", _filter.Toggle(level).LevelNames);

    private void ApplyText() => Go("q", _text.Length == 0 ? null : _text);

    private void Go(string parameter, string? value) =>
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameter(parameter, value), replace: true);

    private async Task ChooseDepartment(ChangeEventArgs change)
    {
        var chosen = change.Value?.ToString() ?? string.Empty;
        await Script.InvokeVoidAsync("monitoringConsole.remember", LastDepartmentKey, chosen);
        Navigation.NavigateTo("/alerts/" + Uri.EscapeDataString(chosen));
    }

    private async Task AcknowledgeAsync(AlertRow row)
    {
        var parameters = new DialogParameters<AcknowledgeDialog>
        {
            { dialog => dialog.Row, row },
            { dialog => dialog.Department, Department },
        };
        await Dialogs.ShowAsync<AcknowledgeDialog>(T.AcknowledgeTitle, parameters);
    }
}
