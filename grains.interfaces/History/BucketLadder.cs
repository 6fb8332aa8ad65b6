using System.Collections.Immutable;
using Monitoring.Dictionary;
using Monitoring.Indicators;

namespace Monitoring.History;

/// <summary>
/// The widths at which the history of a node is kept: the indicator's resolution, and coarser ones that hold exactly the same points. Coarse
/// buckets are aligned to 1970-01-01T00:00:00Z, as all buckets are. Pure.
/// </summary>
public static class BucketLadder
{
    /// <summary>A year of 53 weeks, and some.</summary>
    private static readonly TimeSpan LongestYear = TimeSpan.FromDays(400);

    private static readonly long[] Steps = [60_000, 3_600_000, BucketRow.DayResolution];

    // Every choice of steps, by its bits, so that nothing is made anew for each node of a checkpoint.
    private static readonly ImmutableArray<long>[] Choices =
        [.. Enumerable.Range(0, 1 << Steps.Length).Select(bits => Steps.Where((_, index) => (bits >> index & 1) == 1).ToImmutableArray())];

    /// <summary>
    /// Widths in milliseconds that are kept beside the indicator's resolution, ascending: those of a minute, an hour and a day that are
    /// multiples of it. Where the indicator has a calendar, the node keeps its days itself, so the ladder ends with the hour.
    /// </summary>
    public static ImmutableArray<long> Of(IndicatorDefinition definition)
    {
        var resolution = (long)definition.Resolution.TotalMilliseconds;
        var bits = 0;
        for (var index = 0; index < Steps.Length; index++)
        {
            var isStep = Steps[index] > resolution && Steps[index] % resolution == 0
                && !(Steps[index] == BucketRow.DayResolution && definition.HasCalendar);
            bits |= isStep ? 1 << index : 0;
        }

        return Choices[bits];
    }

    /// <summary>
    /// Widths that a history may be read at, ascending, the indicator's resolution first. Calendar days of a time zone are not among them,
    /// except where the zone is UTC.
    /// </summary>
    public static ImmutableArray<long> ReadableOf(IndicatorDefinition definition)
    {
        var resolution = (long)definition.Resolution.TotalMilliseconds;
        var hasDays = definition.HasCalendar && resolution < BucketRow.DayResolution
            && (definition.Calendar ?? CalendarDefinition.Plain(definition.Period.TimeZone)).HasDaysOfUtc;
        return hasDays ? [resolution, .. Of(definition), BucketRow.DayResolution] : [resolution, .. Of(definition)];
    }

    /// <summary>
    /// Start of the oldest bucket of a width that is kept, milliseconds since 1970-01-01T00:00:00Z: whole days, so that a coarse bucket can
    /// be made anew from fine ones as long as any of them is there. Later than what the lateness still lets in, or a period needs, it never is.
    /// </summary>
    /// <param name="definition">What the indicator means.</param>
    /// <param name="width">Width of the buckets in milliseconds.</param>
    /// <param name="now">Milliseconds since 1970-01-01T00:00:00Z.</param>
    /// <param name="options">How long buckets are kept.</param>
    public static long KeepFrom(IndicatorDefinition definition, long width, long now, HistoryOptions options)
    {
        var retention = width < 3_600_000 ? options.FineRetention : width < BucketRow.DayResolution ? options.HourRetention : options.DayRetention;
        var longest = Math.Max(definition.Lateness.Ticks, definition.LongestRolling.Ticks);
        if (width == BucketRow.DayResolution)
        {
            var kind = definition.Periods.Max(period => period.Kind);
            if (kind == PeriodKind.Life)
            {
                return 0; // When its greatest value is corrected, the next one must be found.
            }

            longest = kind > PeriodKind.Day ? Math.Max(longest, LongestYear.Ticks) : longest;
        }

        var kept = Math.Max(retention.Ticks, longest) / TimeSpan.TicksPerMillisecond;

        // A day more than asked for, because days of time zones begin up to a day earlier than those of UTC.
        var oldest = now - kept - BucketRow.DayResolution;
        return oldest <= 0 ? 0 : oldest - (oldest % BucketRow.DayResolution);
    }
}
