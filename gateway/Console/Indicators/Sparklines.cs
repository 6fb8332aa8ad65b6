using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Monitoring.Dictionary;
using Monitoring.Gateway.Indicators;
using Monitoring.Indicators;

namespace Monitoring.Gateway.Console.Indicators;

/// <summary>
/// Recent history of nodes for small lines, read once for all visitors and kept for a while. Thread-safe.
/// </summary>
internal sealed class Sparklines(IConsoleData data, IOptions<ConsoleOptions> options, TimeProvider clock) : IDisposable
{
    private const int Values = 60;
    private const int MaxConcurrentReads = 8;

    private readonly ConcurrentDictionary<NodeKey, Entry> _entries = new();
    private readonly SemaphoreSlim _reads = new(MaxConcurrentReads);

    /// <summary>Recent values of a node per bucket, oldest first; empty when they cannot be read now.</summary>
    public async Task<ImmutableArray<ChartPoint>> GetAsync(
        IndicatorDefinition definition, NodeKey key, CancellationToken cancellationToken)
    {
        if (_entries.TryGetValue(key, out var known) && clock.GetElapsedTime(known.ReadAt) < options.Value.SlowInterval)
        {
            return known.Points;
        }

        await _reads.WaitAsync(cancellationToken);
        try
        {
            var points = await ReadAsync(definition, key, cancellationToken);
            if (_entries.Count >= options.Value.MaxSparklines)
            {
                // Rarely reached, and everything here can be read again.
                _entries.Clear();
            }

            _entries[key] = new(points, clock.GetTimestamp());
            return points;
        }
        finally
        {
            _reads.Release();
        }
    }

    public void Dispose() => _reads.Dispose();

    private async Task<ImmutableArray<ChartPoint>> ReadAsync(
        IndicatorDefinition definition, NodeKey key, CancellationToken cancellationToken)
    {
        var resolution = Math.Max(60_000, (long)definition.Resolution.TotalMilliseconds);
        var width = (resolution + (long)definition.Resolution.TotalMilliseconds - 1)
            / (long)definition.Resolution.TotalMilliseconds * (long)definition.Resolution.TotalMilliseconds;
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var request = new NodeHistoryRequest(key, now - (Values * width), now, width, Values + 1, Total: false);
        var history = await data.GetHistoryAsync(request, cancellationToken);
        return [.. history.Buckets.Select(bucket => new ChartPoint(bucket.Start, bucket.Aggregate.Read(definition.Statistic)))];
    }

    private sealed record Entry(ImmutableArray<ChartPoint> Points, long ReadAt);
}
