using System.Collections.Immutable;
using Monitoring.Indicators;

namespace Monitoring.Gateway.Console.Indicators;

/// <summary>
/// Buckets that were read for a chart, so that only its end is read again. Points that come late change older buckets; those are seen
/// when the whole is read again, every <see cref="ReadsPerWhole"/> reads.
/// </summary>
internal sealed class HistoryBuffer
{
    private const int ReadsPerWhole = 30;

    // Late points mostly concern the buckets just before the newest one.
    private const int ReadAgain = 3;

    private int _reads;

    /// <summary>What is known, oldest first.</summary>
    public ImmutableArray<Bucket> All { get; private set; } = [];

    /// <summary>Where the next read must begin.</summary>
    /// <param name="first">Start of the oldest bucket that is drawn.</param>
    /// <param name="resolutionMs">Width of a bucket.</param>
    public long ReadFrom(long first, long resolutionMs) => All.IsEmpty || _reads % ReadsPerWhole == 0
        ? first
        : Math.Max(first, All[^1].Start - (ReadAgain * resolutionMs));

    /// <summary>Takes what was read from a time on, and forgets what lies before the oldest bucket that is drawn.</summary>
    public void Take(ImmutableArray<Bucket> read, long from, long first)
    {
        _reads++;
        All = [.. All.Where(bucket => bucket.Start >= first && bucket.Start < from), .. read];
    }
}
