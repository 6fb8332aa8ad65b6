using System.Collections.Immutable;
using Monitoring.Calendars;
using Monitoring.Indicators;
using Monitoring.Partitions;

namespace Monitoring.History;

/// <summary>Puts periods of a calendar together from its days, stored ones and those in memory, both as of one checkpoint. Pure.</summary>
internal sealed class PeriodMerge(HistoryQuery query, BusinessCalendar calendar)
{
    /// <summary>The days that are needed: all of every period that has a part in the span.</summary>
    public PeriodWindow Span { get; } = new(
        calendar.WindowOf(query.Period, Math.Min(query.Start, BusinessCalendar.Latest)).Start,
        calendar.WindowOf(query.Period, Math.Min(query.End - 1, BusinessCalendar.Latest)).End);

    /// <summary>The periods, oldest first, without empty ones.</summary>
    /// <param name="stored">Stored days.</param>
    /// <param name="inMemory">Days in memory: they replace what is stored, or add to it.</param>
    public ImmutableArray<Bucket> ToBuckets(IReadOnlyList<Bucket> stored, BucketRow[] inMemory)
    {
        var days = stored.ToDictionary(day => day.Start, day => day.Aggregate);
        foreach (var day in inMemory)
        {
            days[day.Start] = day.IsAddition ? Aggregate.Merge(days.GetValueOrDefault(day.Start), day.Aggregate) : day.Aggregate;
        }

        var periods = new SortedDictionary<long, Bucket>();
        foreach (var (day, aggregate) in days)
        {
            var window = calendar.WindowOf(query.Period, day);
            var before = periods.GetValueOrDefault(window.Start);
            periods[window.Start] = new Bucket { Start = window.Start, End = window.End, Aggregate = Aggregate.Merge(before.Aggregate, aggregate) };
        }

        return [.. periods.Values];
    }
}
