using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using Monitoring.Alerting;
using Monitoring.Gateway.Console.Live;
using Monitoring.Indicators;

namespace Monitoring.Gateway.Console.Indicators;

/// <summary>Every indicator, and below it the nodes the visitor opened, with live values.</summary>
public sealed partial class IndicatorsPage
{
    private IndicatorTree _tree = default!;
    private TreeFilter _filter = TreeFilter.Parse(null, null, null);
    private ImmutableArray<TreeRow> _rows = [];
    private string _text = string.Empty;
    private long? _nodes;
    private FollowLoop? _values;

    /// <summary>Text to search for.</summary>
    [SupplyParameterFromQuery(Name = "q")]
    public string? Text { get; set; }

    /// <summary>Id of the owning department.</summary>
    [SupplyParameterFromQuery(Name = "owner")]
    public string? Owner { get; set; }

    /// <summary>Lowest level to show.</summary>
    [SupplyParameterFromQuery(Name = "level")]
    public string? MinLevel { get; set; }

    /// <summary>Nodes that are open.</summary>
    [SupplyParameterFromQuery(Name = "open")]
    public string[]? Open { get; set; }

    [Inject]
    private NodeCensus Census { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    private string LevelName => _filter.MinLevel == AlertLevel.None ? string.Empty : _filter.MinLevel.ToString().ToLowerInvariant();

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        _tree = new IndicatorTree(Limits.MaxNodesPerLevel, Limits.MaxExpandedNodes);
        foreach (var node in (Open ?? []).Select(NodeKey.Parse).Distinct())
        {
            _tree.Toggle(node);
        }
    }

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        _filter = TreeFilter.Parse(Text, Owner, MinLevel);
        _text = _text.Trim() == _filter.Text ? _text : _filter.Text;
        Refresh();
    }

    /// <inheritdoc/>
    protected override void Refresh() => _rows = _tree.Rows(Data.Dictionary, Board.Current.Index, _filter, Viewer);

    /// <inheritdoc/>
    protected override void Start()
    {
        _values = NewLoop();
        FollowValues();
        NewLoop(isQuiet: true).Restart(
            async (_, cancellationToken) =>
            {
                while (true)
                {
                    await Data.WaitForDictionaryAsync(Data.Dictionary.Version, cancellationToken);
                    FollowValues();
                    RequestRender();
                }
            });
        NewLoop(isQuiet: true).Restart(
            async (arrived, cancellationToken) =>
            {
                using var timer = new PeriodicTimer(Limits.SlowInterval, Clock);
                do
                {
                    _nodes = await Census.CountAsync(cancellationToken);
                    arrived();
                    RequestRender();
                }
                while (await timer.WaitForNextTickAsync(cancellationToken));
            });
    }

    private void FollowValues() => _values?.Restart(
        async (arrived, cancellationToken) =>
        {
            var selections = _tree.Selections(Data.Dictionary);
            if (selections.IsEmpty)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, Clock, cancellationToken);
            }

            await foreach (var update in Data.WatchNodesAsync(selections, Limits.LiveInterval, cancellationToken))
            {
                arrived();
                _tree.Apply(update);
                RequestRender();
            }
        });

    private void Toggle(NodeKey node)
    {
        if (!_tree.Toggle(node))
        {
            return;
        }

        FollowValues();
        Navigation.NavigateTo(
            Navigation.GetUriWithQueryParameters(new Dictionary<string, object?>
            {
                ["open"] = _tree.Expanded.Select(open => open.ToString()).ToArray(),
            }),
            replace: true);
    }

    private void Go(string parameter, string? value) => Navigation.NavigateTo(
        Navigation.GetUriWithQueryParameter(parameter, string.IsNullOrEmpty(value) ? null : value), replace: true);

    private void ClearFilters() => Navigation.NavigateTo(
        Navigation.GetUriWithQueryParameters(new Dictionary<string, object?> { ["q"] = null, ["owner"] = null, ["level"] = null }),
        replace: true);
}
