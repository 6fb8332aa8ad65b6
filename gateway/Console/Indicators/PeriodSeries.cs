using System.Collections.Immutable;
using Monitoring.Dictionary;
using Monitoring.Indicators;
using NodaTime;
using NodaTime.TimeZones;
using Period = Monitoring.Dictionary.Period;

namespace Monitoring.Gateway.Console.Indicators;

/// <summary>
/// What an indicator was judged by over time: its statistic over the whole period as it stood at the end of each bucket. Pure.
/// </summary>
internal static class PeriodSeries
{
    // A rolling period of more buckets than this is not drawn: every drawn value merges them all.
    private const int MaxBucketsPerPeriod = 200;

    private static readonly ZoneLocalMappingResolver FirstMoment =
        Resolvers.CreateMappingResolver(Resolvers.ReturnEarlier, Resolvers.ReturnStartOfIntervalAfter);

    /// <summary>True when the period's value can be told from buckets of a width.</summary>
    public static bool CanTell(Period period, long resolutionMs) => period.Kind == PeriodKind.Day
        ? resolutionMs is > 0 and <= 3_600_000
        : resolutionMs > 0
            && (long)period.Length.TotalMilliseconds % resolutionMs == 0
            && period.Length.TotalMilliseconds / resolutionMs <= MaxBucketsPerPeriod;

    /// <summary>Where buckets must begin so that the value at a time is right.</summary>
    public static long WarmUpStart(Period period, long start)
    {
        if (period.Kind == PeriodKind.Rolling)
        {
            return start - (long)period.Length.TotalMilliseconds;
        }

        // The first of two midnights, and where clocks skip midnight or the whole date, the first moment behind.
        var zone = Zone(period);
        return zone.ResolveLocal(DateOf(start, zone).AtMidnight(), FirstMoment).ToInstant().ToUnixTimeMilliseconds();
    }

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

        return definition.Period.Kind == PeriodKind.Day
            ? OfDays(buckets, resolutionMs, definition, start, now)
            : OfRolling(buckets, resolutionMs, definition, start, now);
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

    private static ImmutableArray<ChartPoint> OfDays(
        ImmutableArray<Bucket> buckets, long resolutionMs, IndicatorDefinition definition, long start, long now)
    {
        var points = ImmutableArray.CreateBuilder<ChartPoint>();
        var zone = Zone(definition.Period);
        var day = DateOf(buckets[0].Start, zone);
        var merged = default(Aggregate);
        foreach (var bucket in buckets)
        {
            var bucketDay = DateOf(bucket.Start, zone);
            if (bucketDay != day)
            {
                // A gap, so that no line falls from one day's end to the next one's beginning.
                (day, merged) = (bucketDay, default);
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

    // The zones the engine judges by; the dictionary has none but these.
    private static DateTimeZone Zone(Period period) => DateTimeZoneProviders.Tzdb[period.TimeZone];

    private static LocalDate DateOf(long time, DateTimeZone zone) => Instant.FromUnixTimeMilliseconds(time).InZone(zone).Date;
}
