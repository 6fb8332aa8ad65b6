using System.Collections.Immutable;
using Monitoring.Calendars;
using Monitoring.Dictionary;
using Monitoring.Indicators;

namespace Monitoring.Gateway.Console.Indicators;

/// <summary>
/// What an indicator was judged by over time: its statistic over the whole period as it stood at the end of each bucket. Pure.
/// </summary>
internal static class PeriodSeries
{
    // A rolling period of more buckets than this is not drawn: every drawn value merges them all.
    private const int MaxBucketsPerPeriod = 200;

    // Nor is a period of a calendar of more buckets than one answer holds.
    private const int MaxBucketsOfCalendar = 10_000;

    /// <summary>True when the period's value can be told from buckets of a width.</summary>
    public static bool CanTell(Period period, long resolutionMs) => period.Kind switch
    {
        PeriodKind.Rolling => resolutionMs > 0
            && (long)period.Length.TotalMilliseconds % resolutionMs == 0
            && period.Length.TotalMilliseconds / resolutionMs <= MaxBucketsPerPeriod,
        PeriodKind.Day or PeriodKind.Week or PeriodKind.Month =>
            resolutionMs is > 0 and <= 3_600_000 && LongestOf(period.Kind) / resolutionMs <= MaxBucketsOfCalendar,
        _ => false,
    };

    private static long LongestOf(PeriodKind kind) =>
        (long)TimeSpan.FromDays(kind switch { PeriodKind.Day => 1, PeriodKind.Week => 7, _ => 35 }).TotalMilliseconds;

    /// <summary>Where buckets must begin so that the value at a time is right.</summary>
    public static long WarmUpStart(IndicatorDefinition definition, long start) => definition.Period.Kind == PeriodKind.Rolling
        ? start - (long)definition.Period.Length.TotalMilliseconds
        : BusinessCalendar.Of(definition).WindowOf(definition.Period.Kind, start).Start;

    /// <summary>The values between two times; where there is none the line has a gap.</summary>
    /// <param name="buckets">Oldest first, from <see cref="WarmUpStart"/> on, without empty ones.</param>
    /// <param name="resolutionMs">Width of a bucket.</param>
    /// <param name="definition">What the indicator means.</param>
    /// <param name="start">Start, milliseconds since 1970-01-01T00:00:00Z.</param>
    /// <param name="now">No value is placed behind this, milliseconds since 1970-01-01T00:00:00Z.</param>
    public static ImmutableArray<ChartPoint> Of(
        ImmutableArray<Bucket> buckets, long resolutionMs, IndicatorDefinition definition, long start, long now)
    {
        if (buckets.IsEmpty)
        {
            return [];
        }

        return definition.Period.Kind == PeriodKind.Rolling
            ? OfRolling(buckets, resolutionMs, definition, start, now)
            : OfCalendar(buckets, resolutionMs, definition, start, now);
    }

    private static ImmutableArray<ChartPoint> OfRolling(
        ImmutableArray<Bucket> buckets, long resolutionMs, IndicatorDefinition definition, long start, long now)
    {
        var points = ImmutableArray.CreateBuilder<ChartPoint>();
        var length = (long)definition.Period.Length.TotalMilliseconds;
        var (first, next) = (0, 0);
        for (var bucket = buckets[0].Start; bucket < now && bucket <= buckets[^1].Start + length; bucket += resolutionMs)
        {
            while (next < buckets.Length && buckets[next].Start <= bucket)
            {
                next++;
            }

            while (first < next && buckets[first].Start <= bucket - length)
            {
                first++;
            }

            var merged = default(Aggregate);
            for (var i = first; i < next; i++)
            {
                merged = Aggregate.Merge(merged, buckets[i].Aggregate);
            }

            var time = Math.Min(bucket + resolutionMs, now);
            if (time >= start)
            {
                points.Add(new(time, merged.IsEmpty ? null : merged.Read(definition.Statistic)));
            }
        }

        return points.ToImmutable();
    }

    private static ImmutableArray<ChartPoint> OfCalendar(
        ImmutableArray<Bucket> buckets, long resolutionMs, IndicatorDefinition definition, long start, long now)
    {
        var points = ImmutableArray.CreateBuilder<ChartPoint>();
        var (calendar, kind) = (BusinessCalendar.Of(definition), definition.Period.Kind);
        var period = calendar.WindowOf(kind, buckets[0].Start);
        var merged = default(Aggregate);
        foreach (var bucket in buckets)
        {
            if (!period.Holds(bucket.Start))
            {
                // A gap, so that no line falls from one period's end to the next one's beginning.
                (period, merged) = (calendar.WindowOf(kind, bucket.Start), default);
                points.Add(new(bucket.Start, null));
            }

            merged = Aggregate.Merge(merged, bucket.Aggregate);
            var time = Math.Min(bucket.Start + resolutionMs, now);
            if (time >= start)
            {
                points.Add(new(time, merged.Read(definition.Statistic)));
            }
        }

        return points.ToImmutable();
    }
}
