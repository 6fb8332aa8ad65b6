using System.Collections.Immutable;
using Monitoring.Indicators;

namespace Monitoring.History;

/// <summary>
/// Which stored buckets answer a question about a span: as coarse as they can be, so that a year costs no more than a day. Pure.
/// </summary>
/// <param name="Start">Start of a stretch, milliseconds since 1970-01-01T00:00:00Z.</param>
/// <param name="End">Its end, exclusive.</param>
/// <param name="Width">Width of the buckets that are read there, in milliseconds.</param>
internal readonly record struct HistoryPlan(long Start, long End, long Width)
{
    /// <summary>Stretches that make up a span, in order, without gap or overlap.</summary>
    /// <param name="start">Start of the span.</param>
    /// <param name="end">End of the span, exclusive; a bucket of the indicator's resolution belongs when its start does.</param>
    /// <param name="wanted">Width that is asked for, a multiple of the finest; 0 for the whole span as one.</param>
    /// <param name="widths">Widths that are stored, ascending.</param>
    /// <param name="fineFrom">From here on the stored buckets may lag behind those in memory, which are of the finest width.</param>
    public static ImmutableArray<HistoryPlan> Of(long start, long end, long wanted, ImmutableArray<long> widths, long fineFrom)
    {
        var stretches = ImmutableArray.CreateBuilder<HistoryPlan>();
        var usable = widths.RemoveAll(width => wanted != 0 && wanted % width != 0);
        Divide(start, end, usable.Length - 1);
        return stretches.ToImmutable();

        void Divide(long from, long until, int step)
        {
            if (from >= until)
            {
                return;
            }

            if (step <= 0)
            {
                stretches.Add(new HistoryPlan(from, until, widths[0]));
                return;
            }

            var width = usable[step];
            var first = PeriodWindow.BucketStart(from, width);
            first += first < from ? width : 0;
            var last = PeriodWindow.BucketStart(Math.Min(until, fineFrom), width);
            if (first >= last)
            {
                Divide(from, until, step - 1);
                return;
            }

            Divide(from, first, step - 1);
            stretches.Add(new HistoryPlan(first, last, width));
            Divide(last, until, step - 1);
        }
    }
}
