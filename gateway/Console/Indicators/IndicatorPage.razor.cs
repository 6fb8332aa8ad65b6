using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using Monitoring.Alerting;
using Monitoring.Departments;
using Monitoring.Dictionary;
using Monitoring.Gateway.Console.Live;
using Monitoring.Indicators;
using Monitoring.Partitions;

namespace Monitoring.Gateway.Console.Indicators;

/// <summary>One node: its value, history, children, alerts and what it means.</summary>
public sealed partial class IndicatorPage
{
    private const int FirstChildren = 12;
    private const int MaxAlerts = 20;
    private const int MaxAskedDepartments = 8;

    private readonly Dictionary<NodeKey, NodeReading> _children = [];
    private NodeReading? _reading;
    private ImmutableArray<RankedChild> _ranked = [];
    private ImmutableArray<Alert> _alerts = [];
    private ImmutableArray<Alert> _recent = [];
    private bool _showsAll;
    private bool _isRead;
    private FollowLoop? _values;
    private FollowLoop? _history;
    private NodeKey? _shown;

    /// <summary>Code of the indicator.</summary>
    [Parameter]
    public required string Code { get; set; }

    /// <summary>Path of the node; null for the whole.</summary>
    [Parameter]
    public string? Path { get; set; }

    private NodeKey Node => new(Code, Path?.TrimEnd('/') ?? string.Empty);

    private IndicatorDefinition? Definition => Data.Dictionary.Find(Code);

    private bool IsWithinBreakdown => NodeKey.PathMistake(Node.Path, Definition?.Breakdown.Length ?? 0) is null;

    private bool HasNoData => _isRead && _reading is null && OwnLevel == AlertLevel.None;

    private AlertLevel OwnLevel => NodeLevel.Of(Node, _reading, Board.Current.Index);

    private IEnumerable<(string Label, string? Link)> Crumbs
    {
        get
        {
            var parts = Node.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
            yield return (Viewer.Indicator(Definition!), parts.Length == 0 ? null : NodeLink.To(Code, string.Empty));
            for (var i = 1; i <= parts.Length; i++)
            {
                yield return (parts[i - 1], i == parts.Length ? null : NodeLink.To(Code, string.Join('/', parts.Take(i))));
            }
        }
    }

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        if (!Node.Equals(_shown))
        {
            _shown = Node;
            _children.Clear();
            (_reading, _recent, _showsAll, _isRead) = (null, [], false, false);
            Follow();
        }

        Refresh();
    }

    /// <inheritdoc/>
    protected override void Start()
    {
        (_values, _history) = (NewLoop(), NewLoop());
        Follow();
    }

    /// <inheritdoc/>
    protected override void Refresh()
    {
        if (Definition is not { } definition)
        {
            return;
        }

        _ranked = ChildRanking.Of(_children.Values, definition, Board.Current.Index, _showsAll ? Limits.MaxNodesPerLevel : FirstChildren);
        var open = Board.Current.Index.ListAtOrBelow(Node).Take(Limits.AlertPageSize).ToList();
        _alerts = [.. open.Concat(_recent.Where(alert => !alert.IsOpen)).DistinctBy(alert => alert.Id)];
    }

    private void Follow()
    {
        _values?.Restart(FollowValuesAsync);
        _history?.Restart(FollowRecentAsync);
    }

    private async Task FollowValuesAsync(Action arrived, CancellationToken cancellationToken)
    {
        var node = Node;
        var selection = new NodeSelection { Code = Code, PathPrefix = node.Path, MinDepth = node.Depth, MaxDepth = node.Depth + 1 };
        await foreach (var update in Data.WatchNodesAsync([selection], Limits.LiveInterval, cancellationToken))
        {
            arrived();
            foreach (var reading in update.Nodes)
            {
                if (reading.Key.Equals(node))
                {
                    _reading = reading;
                }
                else if (_children.Count < Limits.MaxNodesPerLevel || _children.ContainsKey(reading.Key))
                {
                    _children[reading.Key] = reading;
                }
            }

            _isRead |= update.SnapshotComplete;
            RequestRender();
        }
    }

    /// <summary>Reads the resolved alerts of whoever may know of this node, now and then.</summary>
    private async Task FollowRecentAsync(Action arrived, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Limits.SlowInterval, Clock);
        do
        {
            var filter = new AlertFilter { IncludeResolved = true, Code = Code, PathPrefix = Node.Path, Limit = Limits.AlertPageSize };
            var departments = Data.Dictionary.Departments
                .Where(department => department.Subscriptions.Any(one => PathPattern.MatchesCode(one.Indicator, Code)))
                .Take(MaxAskedDepartments);
            var pages = await Task.WhenAll(departments.Select(one => Data.ListAlertsAsync(one.Id, filter, cancellationToken)));
            arrived();
            _recent =
            [
                .. pages.SelectMany(page => page.Alerts).DistinctBy(alert => alert.Id).OrderByDescending(alert => alert.Last.StartedAt),
            ];
            RequestRender();
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private void ShowAll()
    {
        _showsAll = true;
        Refresh();
    }
}
