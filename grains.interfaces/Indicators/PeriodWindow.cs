using Monitoring.Calendars;
using Monitoring.Dictionary;

namespace Monitoring.Indicators;

/// <summary>A span of event time, end exclusive; milliseconds since 1970-01-01T00:00:00Z.</summary>
public readonly record struct PeriodWindow(long Start, long End)
{
    /// <summary>All of time.</summary>
    public static PeriodWindow Always { get; } = new(long.MinValue, long.MaxValue);

    /// <summary>True when it holds a time.</summary>
    public bool Holds(long time) => time >= Start && time < End;

    /// <summary>A period of an indicator at <paramref name="now"/>, milliseconds since 1970-01-01T00:00:00Z.</summary>
    /// <remarks>
    /// A rolling period is made of whole buckets, the running one last. A source's clock may run ahead, so points of the near future
    /// count in a rolling period at once; the end says when the running bucket ends.
    /// </remarks>
    public static PeriodWindow At(IndicatorDefinition definition, Period period, long now)
    {
        if (period.Kind != PeriodKind.Rolling)
        {
            return period.Kind == PeriodKind.Life ? Always : BusinessCalendar.Of(definition).WindowOf(period.Kind, now);
        }

        var resolution = (long)definition.Resolution.TotalMilliseconds;
        var end = BucketStart(now, resolution) + resolution;
        return new PeriodWindow(end - (long)period.Length.TotalMilliseconds, end);
    }

    /// <summary>Start of the bucket that holds a time.</summary>
    public static long BucketStart(long time, long resolution)
    {
        var rest = time % resolution;
        return rest < 0 ? time - rest - resolution : time - rest;
    }

    /// <summary>The day of an indicator's calendar that holds a time; 23 or 25 hours long at a change of clocks.</summary>
    public static PeriodWindow DayOf(IndicatorDefinition definition, long time) => BusinessCalendar.Of(definition).WindowOf(PeriodKind.Day, time);
}
