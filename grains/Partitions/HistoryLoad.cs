using Monitoring.Indicators;

namespace Monitoring.Partitions;

/// <summary>Which stored history of a node to load.</summary>
/// <param name="Number">Its number within the partition.</param>
/// <param name="Resolution">Width of its buckets in milliseconds.</param>
/// <param name="Spans">Which spans; what they have in common comes once.</param>
public sealed record HistoryLoad(int Number, long Resolution, IReadOnlyList<HistorySpan> Spans);

/// <summary>One span of a node's history; times are milliseconds since 1970-01-01T00:00:00Z, ends exclusive.</summary>
public readonly record struct HistorySpan
{
    /// <summary>Buckets that start from here.</summary>
    public long BucketsFrom { get; init; }

    /// <summary>End of these.</summary>
    public long BucketsUntil { get; init; }

    /// <summary>Calendar days that start from here.</summary>
    public long DaysFrom { get; init; }

    /// <summary>End of these; not after <see cref="DaysFrom"/> for none.</summary>
    public long DaysUntil { get; init; }

    /// <summary>Chunks with raw points from here.</summary>
    public long RawFrom { get; init; }

    /// <summary>End of these; not after <see cref="RawFrom"/> for none.</summary>
    public long RawUntil { get; init; }

    /// <summary>What a node needs to restate a bucket.</summary>
    internal static HistorySpan ToRestate(Dictionary.IndicatorDefinition definition, long start)
    {
        var end = start + (long)definition.Resolution.TotalMilliseconds;
        var bucket = new HistorySpan { BucketsFrom = start, BucketsUntil = end, RawFrom = start, RawUntil = end };
        if (!definition.HasCalendar)
        {
            return bucket;
        }

        var days = PeriodTotals.Around(definition, start);
        if (!NodeState.HasDays(definition))
        {
            return bucket with { BucketsFrom = days.Start, BucketsUntil = days.End };
        }

        var day = PeriodWindow.DayOf(definition, start);
        return bucket with { BucketsFrom = day.Start, BucketsUntil = day.End, DaysFrom = days.Start, DaysUntil = days.End };
    }
}
