using System.Collections.Immutable;
using Monitoring.Dictionary;

namespace Monitoring.Indicators;

/// <summary>
/// The running totals of those periods of a node that are longer than a day. Each is the merge of the days within it, and follows every
/// point, late ones included; when a period is over, the next one begins with what is already there of it.
/// </summary>
internal sealed class PeriodTotals
{
    private readonly PeriodTotal[] _totals;

    private PeriodTotals(PeriodTotal[] totals) => _totals = totals;

    /// <summary>The totals of a node as they stood at its clock; null when its indicator has no such period.</summary>
    /// <param name="definition">What the indicator means.</param>
    /// <param name="clock">Milliseconds since 1970-01-01T00:00:00Z.</param>
    /// <param name="stored">What is known of them; one that is not there is empty.</param>
    public static PeriodTotals? Of(IndicatorDefinition definition, long clock, ImmutableArray<PeriodTotal> stored)
    {
        var wanted = Wanted(definition, clock);
        for (var index = 0; index < wanted.Length; index++)
        {
            wanted[index] = Find(stored, wanted[index]) ?? wanted[index];
        }

        return wanted.Length == 0 ? null : new PeriodTotals(wanted);
    }

    /// <summary>The totals that a node must have but that are not among those it stored: its indicator got new periods, or another calendar.</summary>
    public static PeriodTotal[] Missing(IndicatorDefinition definition, NodeRecord record) =>
        [.. Wanted(definition, record.Clock).Where(total => Find(record.Totals, total) is null)];

    /// <summary>True when an indicator has such a period.</summary>
    public static bool AreKept(IndicatorDefinition definition) => definition.Periods.Any(period => period.Kind > PeriodKind.Day);

    /// <summary>The span of all periods of an indicator's calendar that hold a time.</summary>
    public static PeriodWindow Around(IndicatorDefinition definition, long time) => Wanted(definition, time).Aggregate(
        PeriodWindow.DayOf(definition, time),
        (span, total) => new PeriodWindow(Math.Min(span.Start, total.Start), Math.Max(span.End, total.End)));

    /// <summary>What to store.</summary>
    public ImmutableArray<PeriodTotal> ToStored() => [.. _totals];

    /// <summary>Begins the periods anew that are over.</summary>
    /// <param name="definition">What the indicator means.</param>
    /// <param name="clock">Milliseconds since 1970-01-01T00:00:00Z.</param>
    /// <param name="days">The days in memory: all that begin with the present one or later.</param>
    public void Turn(IndicatorDefinition definition, long clock, BucketSeries days)
    {
        foreach (ref var total in _totals.AsSpan())
        {
            if (clock >= total.End)
            {
                var window = PeriodWindow.At(definition, new Period { Kind = total.Kind }, clock);
                total = Empty(total.Kind, window) with { Aggregate = days.Total(window.Start, window.End) };
            }
        }
    }

    /// <summary>Adds points of one bucket.</summary>
    /// <param name="start">Start of the bucket; none lies in two periods of a kind.</param>
    /// <param name="added">The points.</param>
    public void Add(long start, in Aggregate added)
    {
        foreach (ref var total in _totals.AsSpan())
        {
            if (total.Holds(start))
            {
                total = total with { Aggregate = Aggregate.Merge(total.Aggregate, added) };
            }
        }
    }

    /// <summary>Adds what a delta adds and takes back what it takes back; extremes only grow.</summary>
    public void Change(in BucketDelta delta)
    {
        Add(delta.Start, delta.Added);
        foreach (ref var total in _totals.AsSpan())
        {
            if (delta.Retracted is { Count: > 0 } retracted && total.Holds(delta.Start))
            {
                total = total with { Aggregate = retracted.TakeFrom(total.Aggregate) };
            }
        }
    }

    /// <summary>Finds the extremes of the periods that hold a bucket anew.</summary>
    /// <param name="start">Start of the bucket.</param>
    /// <param name="merge">All points of the days within a span.</param>
    public void Restate(long start, Func<PeriodWindow, Aggregate> merge)
    {
        foreach (ref var total in _totals.AsSpan())
        {
            if (total.Holds(start))
            {
                total = total with { Aggregate = merge(new PeriodWindow(total.Start, total.End)).WithSumOf(total.Aggregate) };
            }
        }
    }

    /// <summary>All points of a period that is kept here, as of a time that may lie behind it.</summary>
    public Aggregate Total(PeriodKind kind, in PeriodWindow window, BucketSeries days)
    {
        foreach (ref readonly var total in _totals.AsSpan())
        {
            if (total.Kind == kind && total.Start == window.Start)
            {
                return total.Aggregate;
            }
        }

        return days.Total(window.Start, window.End);
    }

    private static PeriodTotal[] Wanted(IndicatorDefinition definition, long clock) =>
    [
        .. definition.Periods
            .Where(period => period.Kind > PeriodKind.Day)
            .Select(period => Empty(period.Kind, PeriodWindow.At(definition, period, clock))),
    ];

    private static PeriodTotal Empty(PeriodKind kind, in PeriodWindow window) => new() { Kind = kind, Start = window.Start, End = window.End };

    private static PeriodTotal? Find(ImmutableArray<PeriodTotal> totals, in PeriodTotal wanted)
    {
        foreach (var total in totals)
        {
            if (total.Kind == wanted.Kind && total.Start == wanted.Start && total.End == wanted.End)
            {
                return total;
            }
        }

        return null;
    }
}
