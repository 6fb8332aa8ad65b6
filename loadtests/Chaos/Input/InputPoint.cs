namespace Monitoring.Chaos.Input;

/// <summary>The two indicators of the workload.</summary>
internal enum InputIndicator
{
    /// <summary>Its statistic is the sum over an hour.</summary>
    Load = 0,

    /// <summary>Its statistic is the last value of the day.</summary>
    Level = 1,
}

/// <summary>What is wrong with a point that is sent to be refused.</summary>
internal enum Flaw
{
    None = 0,
    UnknownIndicator = 1,
    InvalidPath = 2,
    InvalidValue = 3,
    InvalidTime = 4,
}

/// <summary>A point as the generator makes it.</summary>
/// <param name="Indicator">Which indicator.</param>
/// <param name="Leaf">Number of the leaf.</param>
/// <param name="Time">Event time, milliseconds since 1970-01-01T00:00:00Z.</param>
/// <param name="Hundredths">The value in hundredths, so that expected sums are exact.</param>
/// <param name="Flaw">What is wrong with it; such a point must be refused.</param>
/// <param name="IsCorrection">It takes the place of what came before for this leaf and time.</param>
internal readonly record struct InputPoint(InputIndicator Indicator, int Leaf, long Time, long Hundredths, Flaw Flaw, bool IsCorrection = false);
