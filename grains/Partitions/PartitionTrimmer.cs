using Monitoring.Dictionary;
using Monitoring.History;
using Monitoring.Indicators;
using Monitoring.LatePoints;

namespace Monitoring.Partitions;

/// <summary>
/// Lets go what was kept long enough, in bounded steps behind checkpoints. Measures age by the journal's time, so that a wrong clock of one
/// machine lets nothing go early. Not part of what a replay repeats: it touches only what nothing depends on any more.
/// </summary>
internal sealed class PartitionTrimmer(
    int partition, long epoch, NodeTable nodes, ILateStore late, IHistoryStore history, HistoryOptions options, PartitionMetrics metrics)
{
    private long _lastAt = long.MinValue;
    private int _nextNode;

    /// <summary>What a code means; null for one that is unknown.</summary>
    public required Func<string, IndicatorDefinition?> Define { get; init; }

    /// <summary>Completes when nothing is being let go; never fails.</summary>
    public Task Running { get; private set; } = Task.CompletedTask;

    /// <summary>Starts a step, unless one is under way or was made a moment ago.</summary>
    /// <param name="at">Time of the last entry that is stored, milliseconds since 1970-01-01T00:00:00Z.</param>
    /// <param name="stopping">Cancelled when the activation ends.</param>
    public void Start(long at, CancellationToken stopping)
    {
        if (Running.IsCompleted && (_lastAt == long.MinValue || at - _lastAt >= options.TrimInterval.TotalMilliseconds))
        {
            _lastAt = at;
            Running = TrimAsync(at, stopping);
        }
    }

    private async Task TrimAsync(long at, CancellationToken stopping)
    {
        try
        {
            var trim = await late.TrimAsync(
                partition, epoch, at - (long)options.LateRetention.TotalMilliseconds, options.MaxLatePoints, stopping);
            metrics.OnLateExpired(trim.Expired);
            metrics.OnLateOverflowed(trim.Overflowed);
            var (buckets, behind) = NextStep(at);
            if (buckets.Count > 0)
            {
                metrics.OnBucketsTrimmed(await history.TrimBucketsAsync(partition, epoch, buckets, options.TrimBuckets, stopping));
            }

            _nextNode = behind;
        }
        catch (Exception) when (!stopping.IsCancellationRequested)
        {
            // The edge of an own task. The storage is away or busy; the next step finds the same rows.
            metrics.OnTrimFailed();
        }
        catch (Exception)
        {
            // The activation ends; the next one goes on.
        }
    }

    /// <summary>What the next nodes may let go, and where the step behind goes on.</summary>
    private (List<BucketTrim> Buckets, int Behind) NextStep(long at)
    {
        var buckets = new List<BucketTrim>();
        var first = _nextNode < nodes.Count ? _nextNode : 0;
        var behind = Math.Min(nodes.Count, first + options.TrimNodes);
        for (var number = first; number < behind; number++)
        {
            if (Define(nodes[number].Key.Code) is { } definition)
            {
                Add((long)definition.Resolution.TotalMilliseconds);
                foreach (var width in BucketLadder.Of(definition))
                {
                    Add(width);
                }

                if (NodeState.HasDays(definition))
                {
                    Add(BucketRow.DayResolution);
                }

                void Add(long width)
                {
                    var before = BucketLadder.KeepFrom(definition, width, at, options);
                    if (before > 0)
                    {
                        buckets.Add(new BucketTrim(number, width, before));
                    }
                }
            }
        }

        return (buckets, behind);
    }
}
