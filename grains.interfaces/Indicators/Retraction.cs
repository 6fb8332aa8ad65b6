namespace Monitoring.Indicators;

/// <summary>
/// What corrections took back from a bucket: points that count no longer, and extremes that may hold no longer. Merging is commutative and
/// associative. A part that says nothing has neutral values: 0 points, infinite extremes.
/// </summary>
[GenerateSerializer, Immutable, Alias("monitoring.retraction.v1")]
public sealed record Retraction
{
    /// <summary>Number of points.</summary>
    [Id(0)] public long Count { get; init; }

    /// <summary>Running sum before its compensation is added.</summary>
    [Id(1)] public double RawSum { get; init; }

    /// <summary>What rounding lost from <see cref="RawSum"/>.</summary>
    [Id(2)] public double Compensation { get; init; }

    /// <summary>A minimum that may hold no longer.</summary>
    [Id(3)] public double Min { get; init; } = double.PositiveInfinity;

    /// <summary>A maximum that may hold no longer.</summary>
    [Id(4)] public double Max { get; init; } = double.NegativeInfinity;

    /// <summary>Time of a first value that may hold no longer.</summary>
    [Id(5)] public long FirstTime { get; init; } = long.MaxValue;

    /// <summary>The first value that may hold no longer.</summary>
    [Id(6)] public double First { get; init; } = double.PositiveInfinity;

    /// <summary>Time of a last value that may hold no longer.</summary>
    [Id(7)] public long LastTime { get; init; } = long.MinValue;

    /// <summary>The last value that may hold no longer.</summary>
    [Id(8)] public double Last { get; init; } = double.NegativeInfinity;

    /// <summary>Takes back points altogether.</summary>
    /// <param name="points">Not empty.</param>
    public static Retraction Of(in Aggregate points) => new()
    {
        Count = points.Count,
        RawSum = points.RawSum,
        Compensation = points.Compensation,
        Min = points.Min,
        Max = points.Max,
        FirstTime = points.FirstTime,
        First = points.First,
        LastTime = points.LastTime,
        Last = points.Last,
    };

    /// <summary>Takes back those extremes of a bucket that are others now; null when all are the same.</summary>
    public static Retraction? OfExtremes(in Aggregate before, in Aggregate after)
    {
        var (min, max) = (before.Min != after.Min, before.Max != after.Max);
        var first = before.FirstTime != after.FirstTime || before.First != after.First;
        var last = before.LastTime != after.LastTime || before.Last != after.Last;
        return !(min || max || first || last) ? null : new Retraction
        {
            Min = min ? before.Min : double.PositiveInfinity,
            Max = max ? before.Max : double.NegativeInfinity,
            FirstTime = first ? before.FirstTime : long.MaxValue,
            First = first ? before.First : double.PositiveInfinity,
            LastTime = last ? before.LastTime : long.MinValue,
            Last = last ? before.Last : double.NegativeInfinity,
        };
    }

    /// <summary>Both together; either may be null.</summary>
    public static Retraction? Merge(Retraction? left, Retraction? right)
    {
        if (left is null || right is null)
        {
            return left ?? right;
        }

        var sum = Aggregate.Merge(left.Points, right.Points);
        var rightIsFirst = right.FirstTime < left.FirstTime || (right.FirstTime == left.FirstTime && right.First < left.First);
        var rightIsLast = right.LastTime > left.LastTime || (right.LastTime == left.LastTime && right.Last > left.Last);
        return new Retraction
        {
            Count = sum.Count,
            RawSum = sum.RawSum,
            Compensation = sum.Compensation,
            Min = Math.Min(left.Min, right.Min),
            Max = Math.Max(left.Max, right.Max),
            FirstTime = rightIsFirst ? right.FirstTime : left.FirstTime,
            First = rightIsFirst ? right.First : left.First,
            LastTime = rightIsLast ? right.LastTime : left.LastTime,
            Last = rightIsLast ? right.Last : left.Last,
        };
    }

    /// <summary>Count and sum of the points; null when there are none.</summary>
    public Retraction? WithoutExtremes() =>
        Count == 0 ? null : new Retraction { Count = Count, RawSum = RawSum, Compensation = Compensation };

    /// <summary>A summary without the points that are taken back, its extremes unchanged.</summary>
    public Aggregate TakeFrom(in Aggregate total)
    {
        var rest = Aggregate.Merge(total, new Aggregate { Count = Count, RawSum = -RawSum, Compensation = -Compensation });
        return total with { Count = total.Count - Count, RawSum = rest.RawSum, Compensation = rest.Compensation };
    }

    /// <summary>True when an extreme of a summary may be among what is taken back.</summary>
    public bool Reaches(in Aggregate total) =>
        Min <= total.Min
        || Max >= total.Max
        || FirstTime < total.FirstTime || (FirstTime == total.FirstTime && First <= total.First)
        || LastTime > total.LastTime || (LastTime == total.LastTime && Last >= total.Last);

    private Aggregate Points => new() { Count = Count, RawSum = RawSum, Compensation = Compensation };
}
