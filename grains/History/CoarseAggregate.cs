using Monitoring.Indicators;

namespace Monitoring.History;

/// <summary>How an aggregate over many buckets follows one of them. Pure.</summary>
internal static class CoarseAggregate
{
    /// <summary>
    /// The aggregate over all buckets once one of them is another; null when only the buckets themselves can tell, because something was
    /// taken away that may have been the smallest, the greatest, the first or the last of all.
    /// </summary>
    /// <param name="coarse">Over all buckets, the old one included.</param>
    /// <param name="before">The bucket until now; empty when it is new.</param>
    /// <param name="after">The bucket from now on.</param>
    public static Aggregate? Replace(in Aggregate coarse, in Aggregate before, in Aggregate after)
    {
        if (coarse.Count == before.Count)
        {
            return after;
        }

        if (before.Count == 0)
        {
            return Aggregate.Merge(coarse, after);
        }

        if (coarse.Count < before.Count || !Contains(after, before)
            || !double.IsFinite(coarse.RawSum) || !double.IsFinite(before.RawSum) || !double.IsFinite(after.RawSum))
        {
            return null;
        }

        // Extremes, first and last of the bucket only went outwards, so merging them once more does no harm. Count and sum do not: there only
        // the difference counts, with all that rounding loses from it.
        var merged = Aggregate.Merge(coarse, after);
        var (difference, lost) = Add(after.RawSum, -before.RawSum);
        var (sum, lostOfSum) = Add(coarse.RawSum, difference);
        return merged with
        {
            Count = coarse.Count + after.Count - before.Count,
            RawSum = sum,
            Compensation = double.IsFinite(sum) ? coarse.Compensation + (after.Compensation - before.Compensation) + lost + lostOfSum : 0,
        };
    }

    /// <summary>True when nothing of a summary can have been taken away to make another one of it, as far as extremes, first and last tell.</summary>
    private static bool Contains(in Aggregate whole, in Aggregate part) =>
        whole.Count >= part.Count && whole.Min <= part.Min && whole.Max >= part.Max
        && (whole.FirstTime, whole.First).CompareTo((part.FirstTime, part.First)) <= 0
        && (whole.LastTime, whole.Last).CompareTo((part.LastTime, part.Last)) >= 0;

    /// <summary>A sum and what rounding lost from it.</summary>
    private static (double Sum, double Lost) Add(double left, double right)
    {
        var sum = left + right;
        return (sum, Math.Abs(left) >= Math.Abs(right) ? (left - sum) + right : (right - sum) + left);
    }
}
