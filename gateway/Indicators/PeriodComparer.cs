using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Monitoring.Calendars;
using Monitoring.Dictionary;
using Monitoring.History;
using Monitoring.Indicators;

namespace Monitoring.Gateway.Indicators;

/// <summary>Compares the present periods of a node with the ones before, and with those of a year ago.</summary>
internal sealed class PeriodComparer(NodeReader reader, IOptions<HistoryOptions> options, TimeProvider clock)
{
    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>One comparison for each period of the indicator's calendar; none without a calendar.</summary>
    /// <param name="reading">The node as it stands.</param>
    /// <param name="definition">What the indicator means.</param>
    /// <param name="back">Also with those that lie so many periods before.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<ImmutableArray<PeriodComparison>> CompareAsync(
        NodeReading reading, IndicatorDefinition definition, IReadOnlyList<int> back, CancellationToken cancellationToken)
    {
        var found = ImmutableArray.CreateBuilder<PeriodComparison>();
        foreach (var present in reading.Periods(definition.Period))
        {
            if (present.Period.Kind is >= PeriodKind.Day and <= PeriodKind.Year)
            {
                found.Add(await CompareAsync(reading.Key, present, definition, back, cancellationToken));
            }
        }

        return found.ToImmutable();
    }

    private async Task<PeriodComparison> CompareAsync(
        NodeKey key, PeriodReading present, IndicatorDefinition definition, IReadOnlyList<int> back, CancellationToken cancellationToken)
    {
        var (calendar, kind) = (BusinessCalendar.Of(definition), present.Period.Kind);
        var window = new PeriodWindow(present.Start, present.End);
        var now = Math.Clamp(Now, window.Start, window.End - 1);
        var (all, begun) = calendar.WorkdaysOf(window, now);
        var bases = ImmutableArray.CreateBuilder<Comparison>();
        bases.Add(await CompareAsync(ComparisonBase.Previous, calendar.Before(kind, window)));
        bases.Add(await CompareAsync(ComparisonBase.YearBefore, calendar.YearBefore(kind, window, definition.YearAlignment)));
        foreach (var periods in back)
        {
            bases.Add(await CompareAsync(ComparisonBase.Back, calendar.Before(kind, window, periods)) with { PeriodsBack = periods });
        }

        return new PeriodComparison(present.Period, all, begun, bases.ToImmutable());

        async Task<Comparison> CompareAsync(ComparisonBase comparedWith, PeriodWindow earlier)
        {
            var end = definition.ComparedPart == PartialPeriod.Full
                ? earlier.End
                : calendar.SameProgress(window, now, earlier, definition.ComparedPart == PartialPeriod.WorkingTime);
            var (until, points) = await TotalAsync(key, definition, new PeriodWindow(earlier.Start, end), cancellationToken);
            return Comparison.Of(
                comparedWith, new PeriodWindow(earlier.Start, until), present.Value, points.IsEmpty ? null : points.Read(definition.Statistic), definition.Better);
        }
    }

    /// <summary>
    /// All points of whole days and of a part of the last one, and until when they reach. The part is taken to the bucket that is kept. Where no
    /// bucket divides that day any more, it counts as a whole when more than half of it would, and else not at all.
    /// </summary>
    private async Task<(long Until, Aggregate Points)> TotalAsync(
        NodeKey key, IndicatorDefinition definition, PeriodWindow span, CancellationToken cancellationToken)
    {
        if (span.Start < 0 || span.End <= span.Start)
        {
            return (span.Start, default);
        }

        var lastDay = PeriodWindow.DayOf(definition, span.End - 1);
        var kept = HistoryResolution.FinestKept(definition, lastDay.Start, Now, options.Value);
        var isDivided = lastDay.Start % kept == 0 && BucketLadder.KeepFrom(definition, kept, Now, options.Value) <= lastDay.Start;
        var until = isDivided ? Math.Min(lastDay.End, span.End + ((kept - (span.End % kept)) % kept))
            : span.End - lastDay.Start > (lastDay.End - lastDay.Start) / 2 ? lastDay.End
            : lastDay.Start;
        var wholeUntil = until == lastDay.End ? until : lastDay.Start;
        var total = wholeUntil > span.Start
            ? await MergeAsync(new NodeHistoryRequest(key, span.Start, wholeUntil, 0, int.MaxValue, Total: false) { Period = PeriodKind.Day })
            : default;
        return until == wholeUntil
            ? (until, total)
            : (until, Aggregate.Merge(total, await MergeAsync(new NodeHistoryRequest(key, lastDay.Start, until, 0, 2, Total: true))));

        async Task<Aggregate> MergeAsync(NodeHistoryRequest request)
        {
            var merged = default(Aggregate);
            foreach (var bucket in (await reader.GetHistoryAsync(request, cancellationToken)).Buckets)
            {
                merged = Aggregate.Merge(merged, bucket.Aggregate);
            }

            return merged;
        }
    }
}
