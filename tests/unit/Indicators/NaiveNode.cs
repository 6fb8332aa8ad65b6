using Monitoring.Alerting;
using Monitoring.Calendars;
using Monitoring.Dictionary;

namespace Monitoring.Indicators;

/// <summary>The oracle: keeps every point for ever, and looks at all of them for every question.</summary>
internal sealed class NaiveNode(IndicatorDefinition definition)
{
    private readonly NaiveRule _rule = new();
    private readonly long _resolution = (long)definition.Resolution.TotalMilliseconds;

    public List<(long Time, double Value)> Points { get; } = [];

    public bool IsFiring { get; private set; }

    public bool IsPending => RuleDeadline != long.MaxValue;

    public long RuleDeadline { get; private set; } = long.MaxValue;

    public static long BucketOf(long time, long resolution) => (long)Math.Floor((decimal)time / resolution) * resolution;

    public Dictionary<long, List<(long Time, double Value)>> Buckets(IEnumerable<(long Time, double Value)> points) =>
        points.GroupBy(point => BucketOf(point.Time, _resolution)).ToDictionary(bucket => bucket.Key, bucket => bucket.ToList());

    /// <summary>Points of the period at a time, in the order in which they arrived.</summary>
    public List<(long Time, double Value)> Within(long now) => Within(definition.Period, now);

    /// <summary>Points of one of the indicator's periods at a time, in the order in which they arrived.</summary>
    public List<(long Time, double Value)> Within(Period period, long now)
    {
        if (period.Kind != PeriodKind.Rolling && (period.TimeZone.Length == 0 || definition.Calendar is not null))
        {
            // The calendar has an oracle of its own.
            var window = BusinessCalendar.Of(definition).WindowOf(period.Kind, now);
            return [.. Points.Where(point => window.Holds(point.Time))];
        }

        if (period.Kind == PeriodKind.Day)
        {
            var zone = TimeZoneInfo.FindSystemTimeZoneById(definition.Period.TimeZone);
            DateTime LocalDate(long time) => TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(time), zone).Date;
            return [.. Points.Where(point => LocalDate(point.Time) == LocalDate(now))];
        }

        var oldest = BucketOf(now, _resolution) + _resolution - (long)period.Length.TotalMilliseconds;
        return [.. Points.Where(point => BucketOf(point.Time, _resolution) >= oldest)];
    }

    public double? Value(long now) => Value(definition.Period, now);

    public double? Value(Period period, long now)
    {
        var points = Within(period, now);
        return definition.Statistic switch
        {
            Statistic.Count => points.Count,
            Statistic.Sum => points.Sum(point => point.Value),
            _ when points.Count == 0 => null,
            Statistic.Average => points.Sum(point => point.Value) / points.Count,
            Statistic.Min => points.Min(point => point.Value),
            Statistic.Max => points.Max(point => point.Value),
            _ => points.OrderBy(point => point.Time).ThenBy(point => point.Value).Last().Value,
        };
    }

    public (TransitionKind Kind, AlertLevel Level, AlertLevel Peak, long StartedAt)? Judge(long now)
    {
        var step = _rule.Next(definition.Rules[0], new Judgement(Value(now), Within(now).Count, now));
        RuleDeadline = _rule.Deadline();
        IsFiring = step.Kind is TransitionKind.Firing || (IsFiring && step.Kind != TransitionKind.Resolved);
        return step.Kind == TransitionKind.None ? null : step;
    }
}
