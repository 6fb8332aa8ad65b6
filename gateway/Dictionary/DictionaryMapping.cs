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
    public static Wire.DictionaryContent ToWire(DictionarySnapshot snapshot)
    {
        var content = new Wire.DictionaryContent();
        content.Departments.AddRange(snapshot.Departments.Select(ToWire));
        content.Calendars.AddRange(snapshot.Calendars.Select(CalendarMapping.ToWire));
        content.Holidays.AddRange(snapshot.Holidays.Select(CalendarMapping.ToWire));
        content.Indicators.AddRange(snapshot.Indicators.Select(ToWire));
        return content;
    }

    /// <summary>Definitions; those that <see cref="UnsetFields"/> names have to be refused first.</summary>
    public static DictionaryContent ToDomain(Wire.DictionaryContent content)
    {
        ImmutableArray<CalendarDefinition> calendars = [.. content.Calendars.Select(CalendarMapping.ToDomain)];
        return new DictionaryContent
        {
            Departments = [.. content.Departments.Select(ToDomain)],
            Calendars = calendars,
            Holidays = [.. content.Holidays.Select(CalendarMapping.ToDomain)],
            Indicators = [.. content.Indicators.Select(indicator => ToDomain(indicator, calendars))],
        };
    }

    public static Wire.Mistake ToWire(Mistake mistake) => new()
    {
        File = mistake.File,
        Line = (uint)mistake.Line,
        Column = (uint)mistake.Column,
        Field = mistake.Field,
        Message = mistake.Message,
    };

    /// <summary>What only the protocol can get wrong: choices that were not made, and texts that are no dates.</summary>
    public static IEnumerable<(string Field, string Message)> UnsetFields(Wire.DictionaryContent content)
    {
        foreach (var mistake in CalendarMapping.UnreadableDates(content))
        {
            yield return mistake;
        }

        for (var i = 0; i < content.Indicators.Count; i++)
        {
            var indicator = content.Indicators[i];
            var field = $"indicators[{i}]";
            if (ToDomain(indicator.Statistic) is null)
            {
                yield return ($"{field}.statistic", "not set; expected sum, average, count, min, max or last");
            }

            if (!CalendarMapping.IsSet(indicator.Period))
            {
                yield return ($"{field}.period", CalendarMapping.NotSet);
            }

            for (var p = 0; p < indicator.MorePeriods.Count; p++)
            {
                if (!CalendarMapping.IsSet(indicator.MorePeriods[p]))
                {
                    yield return ($"{field}.more_periods[{p}]", CalendarMapping.NotSet);
                }
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
            Calendar = definition.Calendar?.Id ?? string.Empty,
            Period = CalendarMapping.ToWire(definition.Period),
            Owner = definition.Owner,
            Description = ToWire(definition.Description),
            LatenessMs = (long)definition.Lateness.TotalMilliseconds,
            ComparedPart = (Wire.PartialPeriod)((int)definition.ComparedPart + 1),
            Better = (Wire.BetterDirection)definition.Better,
            YearAlignment = (Wire.YearAlignment)((int)definition.YearAlignment + 1),
        };
        wire.Breakdown.AddRange(definition.Breakdown);
        wire.MorePeriods.AddRange(definition.MorePeriods.Select(CalendarMapping.ToWire));
        wire.Rules.AddRange(definition.Rules.Select(ToWire));
        return wire;
    }

    private static IndicatorDefinition ToDomain(Wire.IndicatorDefinition wire, ImmutableArray<CalendarDefinition> calendars) => new()
    {
        Code = wire.Code,
        Name = ToDomain(wire.Name),
        Unit = wire.Unit,
        Statistic = ToDomain(wire.Statistic) ?? default,
        Breakdown = [.. wire.Breakdown],
        Resolution = ToDuration(wire.ResolutionMs),
        Calendar = wire.Calendar.Length == 0 ? null : CalendarDefinition.Find(wire.Calendar, calendars),
        Period = CalendarMapping.ToDomain(wire.Period),
        MorePeriods = [.. wire.MorePeriods.Select(CalendarMapping.ToDomain)],
        ComparedPart = wire.ComparedPart == Wire.PartialPeriod.Unspecified ? PartialPeriod.Elapsed : (PartialPeriod)((int)wire.ComparedPart - 1),
        Better = (BetterDirection)wire.Better,
        YearAlignment = wire.YearAlignment == Wire.YearAlignment.Unspecified ? YearAlignment.Date : (YearAlignment)((int)wire.YearAlignment - 1),
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

    public static Wire.LocalizedText ToWire(LocalizedText text) => new() { Zh = text.Zh, En = text.En };

    public static LocalizedText ToDomain(Wire.LocalizedText? wire) => new() { Zh = wire?.Zh ?? string.Empty, En = wire?.En ?? string.Empty };

    // What no TimeSpan can hold is outside every allowed range anyway, and is refused as such.
    public static TimeSpan ToDuration(long milliseconds) =>
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
