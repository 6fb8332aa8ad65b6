using Monitoring.Dictionary;
using NodaTime;
using NodaTime.TimeZones;

namespace Monitoring.Indicators;

/// <summary>The span of event time that an indicator is judged over at one moment, end exclusive; milliseconds since 1970-01-01T00:00:00Z.</summary>
internal readonly record struct PeriodWindow(long Start, long End)
{
    // The first moment of a date, even where clocks skip midnight, or the whole date, as when Samoa changed sides of the date line.
    private static readonly ZoneLocalMappingResolver FirstMoment =
        Resolvers.CreateMappingResolver(Resolvers.ReturnEarlier, Resolvers.ReturnStartOfIntervalAfter);

    /// <summary>The present period at <paramref name="now"/>.</summary>
    /// <remarks>
    /// A rolling period is made of whole buckets, the running one last. A source's clock may run ahead, so points of the near future
    /// count in a rolling period at once; the end says when the running bucket ends.
    /// </remarks>
    public static PeriodWindow At(IndicatorDefinition definition, long now)
    {
        if (definition.Period.Kind == PeriodKind.Day)
        {
            return DayOf(now, definition.Period.TimeZone);
        }

        var resolution = (long)definition.Resolution.TotalMilliseconds;
        var end = BucketStart(now, resolution) + resolution;
        return new PeriodWindow(end - (long)definition.Period.Length.TotalMilliseconds, end);
    }

    /// <summary>Start of the bucket that holds a time.</summary>
    public static long BucketStart(long time, long resolution)
    {
        var rest = time % resolution;
        return rest < 0 ? time - rest - resolution : time - rest;
    }

    /// <summary>The calendar day that holds a time, from its first moment to the first moment of the next; 23 or 25 hours long at a change of clocks.</summary>
    /// <param name="time">Milliseconds since 1970-01-01T00:00:00Z.</param>
    /// <param name="timeZone">IANA id that the dictionary has checked.</param>
    public static PeriodWindow DayOf(long time, string timeZone)
    {
        if (timeZone is "UTC" or "Etc/UTC")
        {
            var start = BucketStart(time, BucketRow.DayResolution);
            return new PeriodWindow(start, start + BucketRow.DayResolution);
        }

        var zone = DateTimeZoneProviders.Tzdb[timeZone];
        var date = Instant.FromUnixTimeMilliseconds(time).InZone(zone).Date;
        return new PeriodWindow(StartOf(date, zone), StartOf(date.PlusDays(1), zone));
    }

    private static long StartOf(LocalDate date, DateTimeZone zone) =>
        zone.ResolveLocal(date.AtMidnight(), FirstMoment).ToInstant().ToUnixTimeMilliseconds();
}
