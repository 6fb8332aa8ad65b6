using System.Collections.Immutable;
using Monitoring.Alerting;
using Monitoring.Dictionary;
using Monitoring.Gateway.Console.Alerts;
using Monitoring.Gateway.Console.Language;
using Monitoring.Gateway.Indicators;
using Monitoring.Indicators;
using Monitoring.Partitions;

namespace Monitoring.Gateway.Console.Indicators;

/// <summary>The tree of all nodes, as far as it is open, with live values. Not thread-safe.</summary>
/// <param name="maxNodesPerLevel">Nodes below one node that are kept; further ones are counted only.</param>
/// <param name="maxExpanded">Nodes that may be open at once.</param>
internal sealed class IndicatorTree(int maxNodesPerLevel, int maxExpanded)
{
    private readonly Dictionary<NodeKey, NodeReading> _roots = [];
    private readonly Dictionary<NodeKey, Level> _open = [];

    /// <summary>Newest event time of any indicator, milliseconds since 1970-01-01T00:00:00Z; 0 when none.</summary>
    public long NewestPoint => _roots.Values.Select(root => root.NewestPoint).DefaultIfEmpty().Max();

    /// <summary>Nodes that are open.</summary>
    public IEnumerable<NodeKey> Expanded => _open.Keys;

    /// <summary>Opens or closes a node. Returns false when too many are open already.</summary>
    public bool Toggle(NodeKey node)
    {
        if (_open.Remove(node))
        {
            return true;
        }

        if (_open.Count >= maxExpanded)
        {
            return false;
        }

        _open.Add(node, new Level());
        return true;
    }

    /// <summary>What must be watched to keep everything shown up to date.</summary>
    public ImmutableArray<NodeSelection> Selections(DictionarySnapshot dictionary) =>
    [
        .. dictionary.Indicators.Select(definition => new NodeSelection { Code = definition.Code, MaxDepth = 0 }),
        .. _open.Keys.Where(node => dictionary.Find(node.Code) is not null).Select(node => new NodeSelection
        {
            Code = node.Code,
            PathPrefix = node.Path,
            MinDepth = node.Depth + 1,
            MaxDepth = node.Depth + 1,
        }),
    ];

    /// <summary>Takes live values.</summary>
    public void Apply(LiveNodesUpdate update)
    {
        foreach (var reading in update.Nodes)
        {
            if (reading.Key.Parent() is not { } parent)
            {
                _roots[reading.Key] = reading;
            }
            else if (_open.TryGetValue(parent, out var level))
            {
                level.Apply(reading, maxNodesPerLevel);
            }
        }

        if (update.SnapshotComplete)
        {
            foreach (var level in _open.Values)
            {
                level.IsComplete = true;
            }
        }
    }

    /// <summary>The lines to show, from top to bottom.</summary>
    public ImmutableArray<TreeRow> Rows(DictionarySnapshot dictionary, AlertIndex alerts, TreeFilter filter, Viewer viewer)
    {
        var rows = ImmutableArray.CreateBuilder<TreeRow>();
        foreach (var definition in dictionary.Indicators)
        {
            if (filter.Owner.Length > 0 && definition.Owner != filter.Owner)
            {
                continue;
            }

            var key = new NodeKey(definition.Code, string.Empty);
            var name = viewer.Indicator(definition);
            var matches = filter.Text.Length == 0 || Matches(name, filter.Text) || Matches(definition.Code, filter.Text);
            var context = new Context(definition, Decimals(key), alerts, filter, viewer);
            AddNode(rows, context, key, name, _roots.GetValueOrDefault(key), matches);
        }

        return rows.ToImmutable();
    }

    private int Decimals(NodeKey root) => Viewer.Decimals(
        _open.Where(level => level.Key.Code == root.Code)
            .SelectMany(level => level.Value.Nodes.Values)
            .Append(_roots.GetValueOrDefault(root))
            .Select(reading => reading?.Value));

    private static bool Matches(string value, string text) => value.Contains(text, StringComparison.CurrentCultureIgnoreCase);

    private void AddNode(
        ImmutableArray<TreeRow>.Builder rows, Context context, NodeKey key, string label, NodeReading? reading, bool matchesAbove)
    {
        var counts = context.Alerts.AtOrBelow(key);
        var level = NodeLevel.Of(key, reading, context.Alerts);
        var highest = level > counts.Highest ? level : counts.Highest;
        if (context.Filter.MinLevel > highest)
        {
            return;
        }

        var at = rows.Count;
        var isExpanded = _open.TryGetValue(key, out var below);
        var matches = matchesAbove || Matches(key.Path, context.Filter.Text);
        if (isExpanded)
        {
            AddChildren(rows, context, key, below!, matches);
        }

        if (!matches && rows.Count == at)
        {
            return;
        }

        rows.Insert(at, new TreeRow
        {
            Key = key,
            Definition = context.Definition,
            Depth = key.Depth,
            Label = label,
            Value = reading is null ? null : Viewer.Value(reading.Value, context.Decimals),
            Number = reading?.Value,
            NewestPoint = reading?.NewestPoint ?? 0,
            Level = level,
            Alerts = counts,
            IsExpandable = key.Depth < context.Definition.Breakdown.Length,
            IsExpanded = isExpanded,
        });
    }

    private void AddChildren(ImmutableArray<TreeRow>.Builder rows, Context context, NodeKey parent, Level level, bool matches)
    {
        foreach (var (key, reading) in level.Nodes)
        {
            AddNode(rows, context, key, key.Path[(key.Path.LastIndexOf('/') + 1)..], reading, matches);
        }

        var texts = context.Viewer.Texts;
        var note = level switch
        {
            { Nodes.Count: 0, IsComplete: false } => texts.LoadingNodes,
            { Nodes.Count: 0 } => texts.NoNodesBelow,
            { More: > 0 } => Viewer.Fill(texts.MoreNodes, Viewer.Count(level.More)),
            _ => null,
        };
        if (note is not null && matches && context.Filter.MinLevel == AlertLevel.None)
        {
            rows.Add(new TreeRow { Key = parent, Definition = context.Definition, Depth = parent.Depth + 1, Label = note, Note = note });
        }
    }

    private readonly record struct Context(IndicatorDefinition Definition, int Decimals, AlertIndex Alerts, TreeFilter Filter, Viewer Viewer);

    /// <summary>The nodes directly below an open node.</summary>
    private sealed class Level
    {
        private readonly HashSet<NodeKey> _beyond = [];

        public SortedDictionary<NodeKey, NodeReading> Nodes { get; } =
            new(Comparer<NodeKey>.Create((left, right) => string.CompareOrdinal(left.Path, right.Path)));

        public bool IsComplete { get; set; }

        public long More => _beyond.Count;

        public void Apply(NodeReading reading, int maxNodes)
        {
            if (Nodes.Count < maxNodes || Nodes.ContainsKey(reading.Key))
            {
                Nodes[reading.Key] = reading;
            }
            else if (_beyond.Count < MaxCounted)
            {
                _beyond.Add(reading.Key);
            }
        }

        // Beyond this the exact number no longer matters to anybody.
        private const int MaxCounted = 100_000;
    }
}
