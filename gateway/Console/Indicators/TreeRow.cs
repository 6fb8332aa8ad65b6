using Monitoring.Alerting;
using Monitoring.Dictionary;
using Monitoring.Gateway.Console.Alerts;
using Monitoring.Indicators;

namespace Monitoring.Gateway.Console.Indicators;

/// <summary>One line of the tree; compares by what is shown.</summary>
public sealed record TreeRow
{
    /// <summary>The node; of a <see cref="Note"/> the node it stands below.</summary>
    public required NodeKey Key { get; init; }

    /// <summary>Definition of the indicator.</summary>
    public required IndicatorDefinition Definition { get; init; }

    /// <summary>0 for an indicator, 1 for what is directly below.</summary>
    public required int Depth { get; init; }

    /// <summary>Name of the indicator, or the last part of the path.</summary>
    public required string Label { get; init; }

    /// <summary>The present value, formatted, without unit; null while it is not known.</summary>
    public string? Value { get; init; }

    /// <summary>The present value; null for none.</summary>
    public double? Number { get; init; }

    /// <summary>Newest event time, milliseconds since 1970-01-01T00:00:00Z; 0 when none.</summary>
    public long NewestPoint { get; init; }

    /// <summary>Level of the node itself.</summary>
    public AlertLevel Level { get; init; }

    /// <summary>Open alerts on it and below.</summary>
    public AlertCounts Alerts { get; init; }

    /// <summary>True when there can be nodes below.</summary>
    public bool IsExpandable { get; init; }

    /// <summary>True when the nodes below are shown.</summary>
    public bool IsExpanded { get; init; }

    /// <summary>Stands in place of nodes: how many are not shown, that they load, or that there are none. Null for a node.</summary>
    public string? Note { get; init; }
}
