using Monitoring.Dictionary;
using Monitoring.History;

namespace Monitoring.Gateway.Indicators;

/// <summary>Chooses the width of the buckets of a history. Pure.</summary>
internal static class HistoryResolution
{
    private const long Second = 1_000;
    private const long Minute = 60 * Second;
    private const long Hour = 60 * Minute;
    private const long Day = 24 * Hour;

    /// <summary>Widths that a person reads without calculating, in milliseconds.</summary>
    private static readonly long[] Nice =
    [
        Second, 2 * Second, 5 * Second, 10 * Second, 15 * Second, 30 * Second,
        Minute, 2 * Minute, 5 * Minute, 10 * Minute, 15 * Minute, 30 * Minute,
        Hour, 2 * Hour, 3 * Hour, 6 * Hour, 12 * Hour,
        Day, 7 * Day, 28 * Day, 364 * Day,
    ];

    /// <summary>Number of buckets of a width that have a part in a span.</summary>
    public static long Buckets(long start, long end, long width) => ((end + width - 1) / width) - (start / width);

    /// <summary>The finest width at which the history of an indicator reaches back to a time; the coarsest one when none does.</summary>
    /// <param name="definition">What the indicator means.</param>
    /// <param name="start">Milliseconds since 1970-01-01T00:00:00Z.</param>
    /// <param name="now">Milliseconds since 1970-01-01T00:00:00Z.</param>
    /// <param name="options">How long buckets are kept.</param>
    public static long FinestKept(IndicatorDefinition definition, long start, long now, HistoryOptions options)
    {
        var widths = BucketLadder.ReadableOf(definition);
        foreach (var width in widths)
        {
            if (BucketLadder.KeepFrom(definition, width, now, options) <= start)
            {
                return width;
            }
        }

        return widths[^1];
    }

    /// <summary>The smallest nice multiple of a resolution that divides a span into no more than so many buckets.</summary>
    /// <param name="start">Start of the span in milliseconds, 0 or more.</param>
    /// <param name="end">End of the span in milliseconds, greater than the start.</param>
    /// <param name="resolution">Resolution of the indicator in milliseconds.</param>
    /// <param name="maxBuckets">At least 2, since a span shorter than any bucket may still touch two.</param>
    public static long Choose(long start, long end, long resolution, int maxBuckets)
    {
        if (Buckets(start, end, resolution) <= maxBuckets)
        {
            return resolution;
        }

        foreach (var width in Nice)
        {
            if (width % resolution == 0 && Buckets(start, end, width) <= maxBuckets)
            {
                return width;
            }
        }

        // A resolution that divides nothing nice, or a span of centuries.
        var multiple = Math.Max(2, (end - start) / (maxBuckets * resolution));
        while (Buckets(start, end, multiple * resolution) > maxBuckets)
        {
            multiple += Math.Max(1, multiple / 8);
        }

        return multiple * resolution;
    }
}
