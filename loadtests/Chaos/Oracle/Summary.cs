namespace Monitoring.Chaos.Oracle;

/// <summary>What some points come to, counted plainly and exactly; values are in hundredths. The default is that of no points.</summary>
internal readonly record struct Summary
{
    public long Count { get; private init; }

    public long Sum { get; private init; }

    public long Min { get; private init; }

    public long Max { get; private init; }

    /// <summary>The earliest point; of those of one time the smallest.</summary>
    public (long Time, long Value) First { get; private init; }

    /// <summary>The latest point; of those of one time the greatest.</summary>
    public (long Time, long Value) Last { get; private init; }

    /// <summary>One point.</summary>
    public static Summary Of(long time, long value) =>
        new() { Count = 1, Sum = value, Min = value, Max = value, First = (time, value), Last = (time, value) };

    /// <summary>The points of both.</summary>
    public Summary With(Summary other)
    {
        if (Count == 0 || other.Count == 0)
        {
            return Count == 0 ? other : this;
        }

        return new Summary
        {
            Count = Count + other.Count,
            Sum = Sum + other.Sum,
            Min = Math.Min(Min, other.Min),
            Max = Math.Max(Max, other.Max),
            First = First.CompareTo(other.First) <= 0 ? First : other.First,
            Last = Last.CompareTo(other.Last) >= 0 ? Last : other.Last,
        };
    }
}
