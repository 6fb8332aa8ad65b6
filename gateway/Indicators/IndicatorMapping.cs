using System.Collections.Immutable;
using Monitoring.Alerting;
using Monitoring.Dictionary;
using Monitoring.Gateway.Alerts;
using Monitoring.Gateway.Dictionary;
using Monitoring.Gateway.Hosting;
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

        foreach (var period in reading.MorePeriods)
        {
            node.MorePeriods.Add(ToWire(period));
        }

        (node.PeriodStartUnixMs, node.PeriodEndUnixMs) = UnixTime.Span(reading.PeriodStart, reading.PeriodEnd);

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

    /// <summary>A bucket of a history.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="widthMs">Its width in milliseconds, unless it says its end itself.</param>
    /// <param name="statistic">What is read off it.</param>
    public static Wire.Bucket ToWire(Bucket bucket, long widthMs, Statistic statistic)
    {
        var wire = new Wire.Bucket { Aggregate = ToWire(bucket.Aggregate) };
        (wire.StartUnixMs, wire.EndUnixMs) = UnixTime.Span(bucket.Start, bucket.End == 0 ? bucket.Start + widthMs : bucket.End);
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

    public static Wire.PeriodComparison ToWire(PeriodComparison comparison) => new()
    {
        Period = CalendarMapping.ToWire(comparison.Period),
        Workdays = (uint)comparison.Workdays,
        WorkdaysBegun = (uint)comparison.WorkdaysBegun,
        Bases = { comparison.Bases.Select(ToWire) },
    };

    private static Wire.Comparison ToWire(Comparison comparison)
    {
        var wire = new Wire.Comparison
        {
            Base = (Wire.ComparisonBase)comparison.With,
            StartUnixMs = comparison.Span.Start,
            EndUnixMs = comparison.Span.End,
            Trend = (Wire.Trend)comparison.Trend,
            PeriodsBack = (uint)comparison.PeriodsBack,
        };
        if (comparison.Value is { } value)
        {
            wire.Value = value;
        }

        if (comparison.Delta is { } delta)
        {
            wire.Delta = delta;
        }

        if (comparison.Percent is { } percent)
        {
            wire.Percent = percent;
        }

        return wire;
    }

    private static Wire.PeriodValue ToWire(PeriodReading reading)
    {
        var wire = new Wire.PeriodValue { Period = CalendarMapping.ToWire(reading.Period), Aggregate = ToWire(reading.Aggregate) };
        (wire.StartUnixMs, wire.EndUnixMs) = UnixTime.Span(reading.Start, reading.End);
        if (reading.Value is { } value)
        {
            wire.Value = value;
        }

        return wire;
    }

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
