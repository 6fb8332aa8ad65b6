namespace Monitoring.History;

/// <summary>Lets stored history go.</summary>
public interface IHistoryStore
{
    /// <summary>
    /// Lets buckets go that start before a time, the oldest first, of each node and width at most so many. Does nothing when the activation is
    /// no longer the one that may write.
    /// </summary>
    /// <returns>How many went.</returns>
    Task<int> TrimBucketsAsync(int partition, long epoch, IReadOnlyList<BucketTrim> trims, int maxOfEach, CancellationToken cancellationToken);
}

/// <summary>Which buckets of a node may go.</summary>
/// <param name="Number">Number of the node within its partition.</param>
/// <param name="Resolution">Width of the buckets in milliseconds.</param>
/// <param name="Before">Those that start before this, milliseconds since 1970-01-01T00:00:00Z.</param>
public readonly record struct BucketTrim(int Number, long Resolution, long Before);
