namespace Monitoring.Chaos.Oracle;

/// <summary>A bucket of a node as the centre shows it.</summary>
internal readonly record struct FoundBucket(long Start, long Count, double Sum, double Min, double Max, double First, double Last);
