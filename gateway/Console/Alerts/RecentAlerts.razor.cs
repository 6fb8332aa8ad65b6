using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using Monitoring.Alerting;
using Monitoring.Departments;

namespace Monitoring.Gateway.Console.Alerts;

/// <summary>Resolved alerts of a department, page by page; the first page keeps up with what is resolved meanwhile.</summary>
public sealed partial class RecentAlerts
{
    private readonly CancellationTokenSource _closed = new();
    private ImmutableArray<Alert>? _rows;
    private (string Department, string? Levels, int ChangeMark)? _loaded;
    private long _before;
    private long _next;
    private bool _mistake;
    private int _loads;

    /// <summary>Id of the department.</summary>
    [Parameter, EditorRequired]
    public required string Department { get; set; }

    /// <summary>What to show.</summary>
    [Parameter, EditorRequired]
    public required AlertListFilter Filter { get; set; }

    /// <summary>Changes whenever an alert was resolved.</summary>
    [Parameter]
    public int ChangeMark { get; set; }

    private ImmutableArray<AlertRow> Rows =>
    [
        .. AlertRow.ListOf(_rows ?? [], Data.Dictionary, Viewer)
            .Where(item => Filter.Shows(item.Row, item.Code))
            .Select(item => item.Row),
    ];

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        _closed.Dispose();
        await base.DisposeAsync();
    }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        var wanted = (Department, Filter.LevelNames, ChangeMark);
        if (_loaded == wanted)
        {
            return;
        }

        var isSameList = _loaded is { } loaded && loaded.Department == Department && loaded.Levels == Filter.LevelNames;
        _loaded = wanted;

        // Who reads an older page is not thrown back to the first one by what is resolved meanwhile.
        if (!isSameList || _before == 0)
        {
            await LoadAsync(0);
        }
    }

    private async Task LoadAsync(long before)
    {
        var load = ++_loads;
        var filter = new AlertFilter
        {
            IncludeResolved = true,
            Levels = Filter.Levels,
            Limit = Limits.AlertPageSize,
            BeforeCursor = before,
        };
        try
        {
            var page = await Data.ListAlertsAsync(Department, filter, _closed.Token);
            if (load != _loads)
            {
                // Something else was asked for meanwhile, and this answer was overtaken.
                return;
            }

            _rows = page.Alerts.RemoveAll(alert => alert.IsOpen);
            (_before, _next, _mistake) = (before, page.NextBeforeCursor, false);
        }
        catch (OperationCanceledException) when (_closed.IsCancellationRequested)
        {
            // The page was left.
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The list stays as it was, and says so, unless it was asked for something else meanwhile.
            _mistake |= load == _loads;
        }
    }
}
