using System.Globalization;
using Monitoring.Indicators;

namespace Monitoring.LatePoints;

/// <summary>
/// A point that came later than its indicator allows: durable, but it counts nowhere until somebody puts it into its bucket.
/// </summary>
[GenerateSerializer, Immutable, Alias("monitoring.late-point.v1")]
public readonly record struct LatePoint
{
    /// <summary>Which one.</summary>
    [Id(0)] public required LateId Id { get; init; }

    /// <summary>The node it is for.</summary>
    [Id(1)] public required NodeKey Key { get; init; }

    /// <summary>Event time, milliseconds since 1970-01-01T00:00:00Z.</summary>
    [Id(2)] public required long Time { get; init; }

    /// <summary>Its value; finite.</summary>
    [Id(3)] public required double Value { get; init; }

    /// <summary>Who sent it.</summary>
    [Id(4)] public required string Source { get; init; }

    /// <summary>When it was journaled, milliseconds since 1970-01-01T00:00:00Z.</summary>
    [Id(5)] public required long ReceivedAt { get; init; }

    /// <summary>Lateness that its indicator allowed then, in milliseconds.</summary>
    [Id(6)] public required long AllowedLateness { get; init; }

    /// <summary>Why it is kept apart.</summary>
    [Id(7)] public LateReason Reason { get; init; }

    /// <summary>What became of it.</summary>
    [Id(8)] public LateState State { get; init; }
}

/// <summary>Identity of a late point, for ever: the journal entry that brought it, and its place among the late points there.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.late-id.v1")]
public readonly record struct LateId : IComparable<LateId>
{
    /// <summary>The late point at a place.</summary>
    public LateId(int partition, long entry, int index) => (Partition, Entry, Index) = (partition, entry, index);

    /// <summary>Number of the partition.</summary>
    [Id(0)] public int Partition { get; init; }

    /// <summary>Journal entry of the partition; 0 is in front of all.</summary>
    [Id(1)] public long Entry { get; init; }

    /// <summary>From 0, over all late points of the entry.</summary>
    [Id(2)] public int Index { get; init; }

    /// <summary>In front of the other.</summary>
    public static bool operator <(LateId left, LateId right) => left.CompareTo(right) < 0;

    /// <summary>Behind the other.</summary>
    public static bool operator >(LateId left, LateId right) => left.CompareTo(right) > 0;

    /// <summary>Not behind the other.</summary>
    public static bool operator <=(LateId left, LateId right) => left.CompareTo(right) <= 0;

    /// <summary>Not in front of the other.</summary>
    public static bool operator >=(LateId left, LateId right) => left.CompareTo(right) >= 0;

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static bool TryParse(string text, out LateId id)
    {
        id = default;
        var parts = text.Split('-');
        if (parts.Length != 3
            || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
            || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var entry)
            || !int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var index))
        {
            return false;
        }

        id = new LateId(partition, entry, index);
        return true;
    }

    /// <summary>Orders by partition, and within one by time of arrival.</summary>
    public int CompareTo(LateId other) => (Partition, Entry, Index).CompareTo((other.Partition, other.Entry, other.Index));

    /// <summary>For example <c>3-1024-0</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Partition}-{Entry}-{Index}");
}

/// <summary>Why a point is kept apart.</summary>
public enum LateReason
{
    /// <summary>It was older than its indicator's lateness when it arrived.</summary>
    TooOld = 0,
}

/// <summary>What became of a late point.</summary>
public enum LateState
{
    /// <summary>Kept apart; counts nowhere.</summary>
    Kept = 0,

    /// <summary>Put into its bucket on demand; counts once.</summary>
    Reinjected = 1,
}

/// <summary>Which late points of a partition.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.late-selection.v1")]
public sealed record LateSelection
{
    /// <summary>Code of an indicator; empty for every one.</summary>
    [Id(0)] public string Code { get; init; } = string.Empty;

    /// <summary>At or below this path; empty for every one.</summary>
    [Id(1)] public string PathPrefix { get; init; } = string.Empty;

    /// <summary>Received at or after this, milliseconds since 1970-01-01T00:00:00Z.</summary>
    [Id(2)] public long ReceivedFrom { get; init; }

    /// <summary>Received before this, milliseconds since 1970-01-01T00:00:00Z.</summary>
    [Id(3)] public long ReceivedUntil { get; init; } = long.MaxValue;

    /// <summary>True to take those too that were put into their buckets.</summary>
    [Id(4)] public bool IncludeReinjected { get; init; }

    /// <summary>Behind this one; the default value is in front of all.</summary>
    [Id(5)] public LateId After { get; init; } = new(0, 0, -1);

    /// <summary>At most so many are looked at.</summary>
    [Id(6)] public required int Limit { get; init; }

    /// <summary>Whether a point is selected, <see cref="After"/> and <see cref="Limit"/> apart.</summary>
    public bool Takes(in LatePoint point) =>
        (Code.Length == 0 || point.Key.Code == Code)
        && (PathPrefix.Length == 0 || point.Key.Path == PathPrefix
            || (point.Key.Path.StartsWith(PathPrefix, StringComparison.Ordinal) && point.Key.Path[PathPrefix.Length] == '/'))
        && point.ReceivedAt >= ReceivedFrom && point.ReceivedAt < ReceivedUntil
        && (IncludeReinjected || point.State == LateState.Kept);
}

/// <summary>Late points of a partition, in the order of their ids.</summary>
[GenerateSerializer, Immutable, Alias("monitoring.late-page.v1")]
public sealed record LatePage
{
    /// <summary>The points.</summary>
    [Id(0)] public required System.Collections.Immutable.ImmutableArray<LatePoint> Points { get; init; }

    /// <summary>Where to go on; null when nothing is behind.</summary>
    [Id(1)] public LateId? Next { get; init; }
}

/// <summary>What became of the wish to put a late point into its bucket.</summary>
public enum ReinjectStatus
{
    /// <summary>It is journaled, and counts from now on.</summary>
    Reinjected = 0,

    /// <summary>It was put in before, and counts once.</summary>
    AlreadyReinjected = 1,

    /// <summary>There is no such point, or not any more.</summary>
    Unknown = 2,

    /// <summary>Its indicator is not in the dictionary; it stays kept.</summary>
    NotMeasured = 3,
}
