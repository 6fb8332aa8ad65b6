namespace Monitoring.LatePoints;

/// <summary>Where late points are kept once a checkpoint covers them; it writes them itself, see <see cref="LateChanges"/>.</summary>
public interface ILateStore
{
    /// <summary>
    /// Points of a partition behind <see cref="LateSelection.After"/>, in the order of their ids, at most <see cref="LateSelection.Limit"/>.
    /// Those put into their buckets are there too, whatever the selection says.
    /// </summary>
    Task<IReadOnlyList<LatePoint>> ReadAsync(int partition, LateSelection selection, CancellationToken cancellationToken);

    /// <summary>Those of some points that are kept, in no particular order.</summary>
    Task<IReadOnlyList<LatePoint>> FindAsync(int partition, IReadOnlyList<LateId> ids, CancellationToken cancellationToken);

    /// <summary>Lets points go that were received before a time, and the oldest beyond a number.</summary>
    /// <returns>How many of each, also when the activation is no longer the one that may write: then none.</returns>
    Task<LateTrim> TrimAsync(int partition, long epoch, long receivedBefore, int maxKept, CancellationToken cancellationToken);
}

/// <summary>What changed in the late points of a partition since the last checkpoint.</summary>
/// <param name="Kept">New ones.</param>
/// <param name="Reinjected">Those, new or old, that were put into their buckets.</param>
public sealed record LateChanges(IReadOnlyList<LatePoint> Kept, IReadOnlyList<LateId> Reinjected)
{
    /// <summary>Nothing.</summary>
    public static LateChanges None { get; } = new([], []);
}

/// <summary>How many late points were let go.</summary>
/// <param name="Expired">Because they were kept long enough.</param>
/// <param name="Overflowed">Because there were too many.</param>
public readonly record struct LateTrim(int Expired, int Overflowed);
