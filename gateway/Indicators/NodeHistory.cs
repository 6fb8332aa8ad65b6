using System.Collections.Immutable;
using Monitoring.Dictionary;
using Monitoring.Indicators;

namespace Monitoring.Gateway.Indicators;

/// <summary>Which buckets of a node to read.</summary>
/// <param name="Key">The node.</param>
/// <param name="Start">Start of the span of event time, milliseconds since 1970-01-01T00:00:00Z.</param>
/// <param name="End">End of the span, exclusive.</param>
/// <param name="ResolutionMs">Width of a bucket in milliseconds, a multiple of the indicator's resolution; 0 for one that suits.</param>
/// <param name="MaxBuckets">At most this many buckets, at least 2.</param>
/// <param name="Total">True to merge the whole span into one bucket.</param>
internal sealed record NodeHistoryRequest(NodeKey Key, long Start, long End, long ResolutionMs, int MaxBuckets, bool Total)
{
    /// <summary>Instead of a resolution a kind of period of the indicator's calendar; rolling for none.</summary>
    public PeriodKind Period { get; init; }

    /// <summary>True when the newest of more periods than <see cref="MaxBuckets"/> will do.</summary>
    public bool IsNewest { get; init; }
}

/// <summary>Buckets of a node.</summary>
/// <param name="Buckets">Oldest first, without empty ones.</param>
/// <param name="ResolutionMs">Width of a bucket in milliseconds; 0 for periods of a calendar.</param>
internal sealed record NodeHistory(ImmutableArray<Bucket> Buckets, long ResolutionMs);
