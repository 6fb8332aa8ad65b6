namespace Monitoring.Indicators;

/// <summary>What is read off an <see cref="Aggregate"/>.</summary>
public enum Statistic
{
    /// <summary>Sum of the values; 0 without points.</summary>
    Sum = 0,

    /// <summary>Sum over count, always over all points below, never an average of averages.</summary>
    Average = 1,

    /// <summary>Number of points; 0 without points.</summary>
    Count = 2,

    /// <summary>Smallest value.</summary>
    Min = 3,

    /// <summary>Greatest value.</summary>
    Max = 4,

    /// <summary>Value with the latest event time.</summary>
    Last = 5,
}
