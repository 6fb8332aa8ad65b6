using Microsoft.Extensions.Options;

namespace Monitoring.Gateway.Console.Indicators;

/// <summary>
/// How many nodes there are. Counting touches every partition, so one count serves all visitors, and the longer it takes the longer it
/// is kept. Thread-safe.
/// </summary>
internal sealed class NodeCensus(IConsoleData data, IOptions<ConsoleOptions> options, TimeProvider clock) : IDisposable
{
    // A count may cost at most this part of the time.
    private const int RestFactor = 50;

    private readonly SemaphoreSlim _counting = new(1);
    private long? _nodes;
    private long _countedAt;
    private TimeSpan _keep;

    /// <summary>The number of nodes; as it was a while ago.</summary>
    public async Task<long> CountAsync(CancellationToken cancellationToken)
    {
        await _counting.WaitAsync(cancellationToken);
        try
        {
            if (_nodes is { } known && clock.GetElapsedTime(_countedAt) < _keep)
            {
                return known;
            }

            var start = clock.GetTimestamp();
            long nodes = 0;
            foreach (var definition in data.Dictionary.Indicators)
            {
                nodes += await data.CountNodesAsync(definition.Code, cancellationToken);
            }

            _countedAt = clock.GetTimestamp();
            var rest = clock.GetElapsedTime(start, _countedAt) * RestFactor;
            _keep = rest > options.Value.SlowInterval ? rest : options.Value.SlowInterval;
            _nodes = nodes;
            return nodes;
        }
        finally
        {
            _counting.Release();
        }
    }

    public void Dispose() => _counting.Dispose();
}
