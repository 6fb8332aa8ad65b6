using System.Collections.Immutable;
using Monitoring.Alerting;
using Monitoring.Dictionary;
using Monitoring.Gateway.Alerts;
using Monitoring.Indicators;
using Wire = Monitoring.Protocol.V1;

namespace Monitoring.Gateway.Indicators;

/// <summary>Nodes in the words of the protocol.</summary>
internal static class IndicatorMapping
{
    /// <summary>A node; without names of dimensions when its definition is gone.</summary>
    public static Wire.Node ToWire(NodeReading reading, IndicatorDefinition? definition)
    {
        var node = new Wire.Node
        {
            Indicator = reading.Key.Code,
            Path = reading.Key.Path,
            PeriodStartUnixMs = reading.PeriodStart,
            PeriodEndUnixMs = reading.PeriodEnd,
            Aggregate = ToWire(reading.Aggregate),
            NewestPointUnixMs = reading.NewestPoint,
            Level = AlertMapping.ToWire(HighestOpenLevel(reading.Rules)),
        };
        if (reading.Value is { } value)
        {
            node.Value = value;
        }

        foreach (var rule in reading.Rules)
        {
            node.Rules.Add(ToWire(rule));
        }

        if (definition is not null)
        {
            node.Dimensions.AddRange(definition.Breakdown.Take(reading.Key.Depth));
        }

        return node;
    }

    public static Wire.Aggregate ToWire(Aggregate aggregate)
    {
        var wire = new Wire.Aggregate { Count = (ulong)aggregate.Count, Sum = aggregate.Sum };
        if (!aggregate.IsEmpty)
        {
            wire.Min = aggregate.Min;
            wire.Max = aggregate.Max;
            wire.First = aggregate.First;
            wire.Last = aggregate.Last;
            if (aggregate.Read(Statistic.Average) is { } average)
            {
                wire.Average = average;
            }
        }

        return wire;
    }

    public static Wire.Bucket ToWire(Bucket bucket, Statistic statistic)
    {
        var wire = new Wire.Bucket { StartUnixMs = bucket.Start, Aggregate = ToWire(bucket.Aggregate) };
        if (bucket.Aggregate.Read(statistic) is { } value)
        {
            wire.Value = value;
        }

        return wire;
    }

    public static Wire.RulePhase ToWire(RulePhase phase) => phase switch
    {
        RulePhase.Normal => Wire.RulePhase.Normal,
        RulePhase.Pending => Wire.RulePhase.Pending,
        RulePhase.Firing => Wire.RulePhase.Firing,
        _ => Wire.RulePhase.Unspecified,
    };

    private static Wire.RuleStatus ToWire(RuleStatus status) => new()
    {
        Rule = status.Rule,
        Phase = ToWire(status.Phase),
        Level = AlertMapping.ToWire(status.Level),
        SinceUnixMs = status.Since,
        AlertId = status.AlertId ?? string.Empty,
    };

    private static AlertLevel HighestOpenLevel(ImmutableArray<RuleStatus> rules)
    {
        var highest = AlertLevel.None;
        foreach (var rule in rules)
        {
            if (rule.Phase == RulePhase.Firing && rule.Level > highest)
            {
                highest = rule.Level;
            }
        }

        return highest;
    }
}
