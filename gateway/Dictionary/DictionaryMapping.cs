using System.Collections.Immutable;
using Monitoring.Alerting;
using Monitoring.Dictionary;
using Monitoring.Gateway.Alerts;
using Monitoring.Indicators;
using Wire = Monitoring.Protocol.V1;

namespace Monitoring.Gateway.Dictionary;

/// <summary>Definitions in the words of the protocol, and back.</summary>
internal static class DictionaryMapping
{
    public static Wire.DictionaryContent ToWire(
        ImmutableArray<DepartmentDefinition> departments, ImmutableArray<IndicatorDefinition> indicators)
    {
        var content = new Wire.DictionaryContent();
        content.Departments.AddRange(departments.Select(ToWire));
        content.Indicators.AddRange(indicators.Select(ToWire));
        return content;
    }

    /// <summary>Definitions; those that <see cref="UnsetFields"/> names have to be refused first.</summary>
    public static DictionaryContent ToDomain(Wire.DictionaryContent content) => new()
    {
        Departments = [.. content.Departments.Select(ToDomain)],
        Indicators = [.. content.Indicators.Select(ToDomain)],
    };

    public static Wire.Mistake ToWire(Mistake mistake) => new()
    {
        File = mistake.File,
        Line = (uint)mistake.Line,
        Column = (uint)mistake.Column,
        Field = mistake.Field,
        Message = mistake.Message,
    };

    /// <summary>What only the protocol can leave out: choices that were not made.</summary>
    public static IEnumerable<(string Field, string Message)> UnsetFields(Wire.DictionaryContent content)
    {
        for (var i = 0; i < content.Indicators.Count; i++)
        {
            var indicator = content.Indicators[i];
            var field = $"indicators[{i}]";
            if (ToDomain(indicator.Statistic) is null)
            {
                yield return ($"{field}.statistic", "not set; expected sum, average, count, min, max or last");
            }

            if (indicator.Period is null || indicator.Period.KindCase == Wire.Period.KindOneofCase.None)
            {
                yield return ($"{field}.period", "not set; expected rolling_ms or day_time_zone");
            }

            for (var r = 0; r < indicator.Rules.Count; r++)
            {
                var rule = indicator.Rules[r];
                if (rule.Direction is not (Wire.RuleDirection.Above or Wire.RuleDirection.Below))
                {
                    yield return ($"{field}.rules[{r}].direction", "not set; expected above or below");
                }

                for (var l = 0; l < rule.Levels.Count; l++)
                {
                    if (AlertMapping.ToDomain(rule.Levels[l].Level) == AlertLevel.None)
                    {
                        yield return ($"{field}.rules[{r}].levels[{l}].level", "not set; expected info, warning or critical");
                    }
                }
            }
        }
    }

    public static Wire.IndicatorDefinition ToWire(IndicatorDefinition definition)
    {
        var wire = new Wire.IndicatorDefinition
        {
            Code = definition.Code,
            Name = ToWire(definition.Name),
            Unit = definition.Unit,
            Statistic = ToWire(definition.Statistic),
            ResolutionMs = (long)definition.Resolution.TotalMilliseconds,
            Period = ToWire(definition.Period),
            Owner = definition.Owner,
            Description = ToWire(definition.Description),
            LatenessMs = (long)definition.Lateness.TotalMilliseconds,
        };
        wire.Breakdown.AddRange(definition.Breakdown);
        wire.Rules.AddRange(definition.Rules.Select(ToWire));
        return wire;
    }

    private static IndicatorDefinition ToDomain(Wire.IndicatorDefinition wire) => new()
    {
        Code = wire.Code,
        Name = ToDomain(wire.Name),
        Unit = wire.Unit,
        Statistic = ToDomain(wire.Statistic) ?? default,
        Breakdown = [.. wire.Breakdown],
        Resolution = ToDuration(wire.ResolutionMs),
        Period = ToDomain(wire.Period),
        Owner = wire.Owner,
        Rules = [.. wire.Rules.Select(ToDomain)],
        Description = ToDomain(wire.Description),
        Lateness = wire.LatenessMs == 0 ? IndicatorDefinition.DefaultLateness : ToDuration(wire.LatenessMs),
    };

    private static Wire.DepartmentDefinition ToWire(DepartmentDefinition department)
    {
        var wire = new Wire.DepartmentDefinition { Id = department.Id, Name = ToWire(department.Name) };
        wire.Subscriptions.AddRange(department.Subscriptions.Select(subscription => new Wire.Subscription
        {
            Indicator = subscription.Indicator,
            Path = subscription.Path,
            Level = AlertMapping.ToWire(subscription.Level),
        }));
        return wire;
    }

    private static DepartmentDefinition ToDomain(Wire.DepartmentDefinition wire) => new()
    {
        Id = wire.Id,
        Name = ToDomain(wire.Name),
        Subscriptions =
        [
            .. wire.Subscriptions.Select(subscription => new Subscription
            {
                Indicator = subscription.Indicator,
                Path = subscription.HasPath ? subscription.Path : PathPattern.Everything,
                Level = AlertMapping.ToDomain(subscription.Level) is var level and not AlertLevel.None ? level : AlertLevel.Info,
            }),
        ],
    };

    private static Wire.Rule ToWire(RuleDefinition rule)
    {
        var wire = new Wire.Rule
        {
            Id = rule.Id,
            Name = ToWire(rule.Name),
            Path = rule.Path,
            Direction = rule.Direction == RuleDirection.Above ? Wire.RuleDirection.Above : Wire.RuleDirection.Below,
            MinPoints = (ulong)rule.MinPoints,
        };
        wire.Levels.AddRange(rule.Levels.Select(level => new Wire.RuleLevel
        {
            Level = AlertMapping.ToWire(level.Level),
            Enter = level.Enter,
            Exit = level.Exit,
            ForMs = (long)level.For.TotalMilliseconds,
        }));
        return wire;
    }

    private static RuleDefinition ToDomain(Wire.Rule wire) => new()
    {
        Id = wire.Id,
        Name = ToDomain(wire.Name),
        Path = wire.HasPath ? wire.Path : PathPattern.Everything,
        Direction = wire.Direction == Wire.RuleDirection.Below ? RuleDirection.Below : RuleDirection.Above,
        Levels =
        [
            .. wire.Levels.Select(level => new LevelDefinition
            {
                Level = AlertMapping.ToDomain(level.Level),
                Enter = level.Enter,
                Exit = level.HasExit ? level.Exit : level.Enter,
                For = ToDuration(level.ForMs),
            }),
        ],
        MinPoints = (long)Math.Min(wire.MinPoints, long.MaxValue),
    };

    private static Wire.Period ToWire(Period period) => period.Kind == PeriodKind.Day
        ? new Wire.Period { DayTimeZone = period.TimeZone }
        : new Wire.Period { RollingMs = (long)period.Length.TotalMilliseconds };

    private static Period ToDomain(Wire.Period? wire) => wire?.KindCase == Wire.Period.KindOneofCase.DayTimeZone
        ? new Period { Kind = PeriodKind.Day, TimeZone = wire.DayTimeZone }
        : new Period { Kind = PeriodKind.Rolling, Length = ToDuration(wire?.RollingMs ?? 0) };

    private static Wire.LocalizedText ToWire(LocalizedText text) => new() { Zh = text.Zh, En = text.En };

    private static LocalizedText ToDomain(Wire.LocalizedText? wire) => new() { Zh = wire?.Zh ?? string.Empty, En = wire?.En ?? string.Empty };

    // What no TimeSpan can hold is outside every allowed range anyway, and is refused as such.
    private static TimeSpan ToDuration(long milliseconds) =>
        TimeSpan.FromTicks(Math.Clamp(milliseconds, long.MinValue / TimeSpan.TicksPerMillisecond, long.MaxValue / TimeSpan.TicksPerMillisecond)
            * TimeSpan.TicksPerMillisecond);

    private static Wire.Statistic ToWire(Statistic statistic) => statistic switch
    {
        Statistic.Sum => Wire.Statistic.Sum,
        Statistic.Average => Wire.Statistic.Average,
        Statistic.Count => Wire.Statistic.Count,
        Statistic.Min => Wire.Statistic.Min,
        Statistic.Max => Wire.Statistic.Max,
        Statistic.Last => Wire.Statistic.Last,
        _ => Wire.Statistic.Unspecified,
    };

    private static Statistic? ToDomain(Wire.Statistic statistic) => statistic switch
    {
        Wire.Statistic.Sum => Statistic.Sum,
        Wire.Statistic.Average => Statistic.Average,
        Wire.Statistic.Count => Statistic.Count,
        Wire.Statistic.Min => Statistic.Min,
        Wire.Statistic.Max => Statistic.Max,
        Wire.Statistic.Last => Statistic.Last,
        _ => null,
    };
}
