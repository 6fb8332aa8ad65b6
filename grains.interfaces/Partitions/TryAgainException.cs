namespace Monitoring.Partitions;

/// <summary>The cluster cannot answer right now; the same call may succeed in a moment.</summary>
[GenerateSerializer, Alias("monitoring.try-again")]
public class TryAgainException(string message) : Exception(message);
