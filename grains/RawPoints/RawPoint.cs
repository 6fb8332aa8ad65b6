namespace Monitoring.RawPoints;

/// <summary>One line of a node's raw log.</summary>
/// <param name="Time">Event time, milliseconds since 1970-01-01T00:00:00Z.</param>
/// <param name="Value">The value; finite.</param>
/// <param name="Replaces">True for a correction: it takes the place of every earlier point of this time.</param>
internal readonly record struct RawPoint(long Time, double Value, bool Replaces);
