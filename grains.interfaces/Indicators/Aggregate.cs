namespace Monitoring.Indicators;

/// <summary>
/// Mergeable summary of points. Merging is commutative and associative: exactly so for count, extremes, first and last, and within
/// 1e-9 relative for the sum, which is compensated (Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher
/// Summen", 1974).
/// </summary>
/// <remarks>
/// First is the value with the smallest (time, value), last the one with the greatest, so that points of one millisecond give the
/// same result in whatever order they arrive. The default value is the empty summary.
/// </remarks>
[GenerateSerializer, Immutable, Alias("monitoring.aggregate.v1")]
public readonly record struct Aggregate
{
    /// <summary>The summary of one point.</summary>
    /// <param name="time">Event time, milliseconds since 1970-01-01T00:00:00Z.</param>
    /// <param name="value">Finite.</param>
    public Aggregate(long time, double value)
    {
        Count = 1;
        RawSum = Min = Max = First = Last = value;
        FirstTime = LastTime = time;
    }

    /// <summary>Number of points.</summary>
    [Id(0)] public long Count { get; init; }

    /// <summary>Running sum before its compensation is added.</summary>
    [Id(1)] public double RawSum { get; init; }

    /// <summary>What rounding lost from <see cref="RawSum"/>.</summary>
    [Id(2)] public double Compensation { get; init; }

    /// <summary>Smallest value; meaningless when empty.</summary>
    [Id(3)] public double Min { get; init; }

    /// <summary>Greatest value; meaningless when empty.</summary>
    [Id(4)] public double Max { get; init; }

    /// <summary>Value at <see cref="FirstTime"/>; meaningless when empty.</summary>
    [Id(5)] public double First { get; init; }

    /// <summary>Value at <see cref="LastTime"/>; meaningless when empty.</summary>
    [Id(6)] public double Last { get; init; }

    /// <summary>Earliest event time, milliseconds since 1970-01-01T00:00:00Z.</summary>
    [Id(7)] public long FirstTime { get; init; }

    /// <summary>Latest event time, milliseconds since 1970-01-01T00:00:00Z.</summary>
    [Id(8)] public long LastTime { get; init; }

    /// <summary>True when there is no point.</summary>
    public bool IsEmpty => Count == 0;

    /// <summary>Compensated sum; 0 when empty.</summary>
    public double Sum => RawSum + Compensation;

    /// <summary>The summary of the points of both.</summary>
    public static Aggregate Merge(in Aggregate left, in Aggregate right)
    {
        if (left.Count == 0)
        {
            return right;
        }

        if (right.Count == 0)
        {
            return left;
        }

        var rawSum = left.RawSum + right.RawSum;
        var lost = Math.Abs(left.RawSum) >= Math.Abs(right.RawSum)
            ? (left.RawSum - rawSum) + right.RawSum
            : (right.RawSum - rawSum) + left.RawSum;
        var rightIsFirst = right.FirstTime < left.FirstTime || (right.FirstTime == left.FirstTime && right.First < left.First);
        var rightIsLast = right.LastTime > left.LastTime || (right.LastTime == left.LastTime && right.Last > left.Last);
        return new Aggregate
        {
            Count = left.Count + right.Count,
            RawSum = rawSum,
            // A sum that left the range of a double has nothing left to compensate.
            Compensation = double.IsFinite(rawSum) ? left.Compensation + right.Compensation + lost : 0,
            Min = Math.Min(left.Min, right.Min),
            Max = Math.Max(left.Max, right.Max),
            First = rightIsFirst ? right.First : left.First,
            FirstTime = rightIsFirst ? right.FirstTime : left.FirstTime,
            Last = rightIsLast ? right.Last : left.Last,
            LastTime = rightIsLast ? right.LastTime : left.LastTime,
        };
    }

    /// <summary>This summary with count and sum of another one.</summary>
    public Aggregate WithSumOf(in Aggregate other) =>
        this with { Count = other.Count, RawSum = other.RawSum, Compensation = other.Compensation };

    /// <summary>
    /// What a statistic reads off this summary; null when there is no value: of an empty summary only sum and count have one, and a
    /// sum that left the range of a double has none.
    /// </summary>
    public double? Read(Statistic statistic) => statistic switch
    {
        Statistic.Count => Count,
        Statistic.Sum => Finite(Sum),
        _ when Count == 0 => null,
        Statistic.Average => Finite(Sum / Count),
        Statistic.Min => Min,
        Statistic.Max => Max,
        Statistic.Last => Last,
        _ => throw new ArgumentOutOfRangeException(nameof(statistic), statistic, "Not a statistic."),
    };

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
