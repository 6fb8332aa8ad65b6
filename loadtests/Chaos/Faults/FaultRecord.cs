namespace Monitoring.Chaos.Faults;

/// <summary>A fault as it was done.</summary>
/// <param name="Fault">What was planned.</param>
/// <param name="Began">Timestamp of its beginning.</param>
/// <param name="Ended">Timestamp at which every process was ready again.</param>
internal readonly record struct FaultRecord(Fault Fault, long Began, long Ended);
