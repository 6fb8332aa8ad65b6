using Microsoft.Extensions.Options;

namespace Monitoring.Gateway.Ingest;

/// <summary>
/// The budgets of sources that have a quota. They outlive streams, so that whoever reconnects does not begin anew. Thread-safe.
/// </summary>
/// <remarks>Bounded by twice the number of streams: beyond it those go that are full again, and if none is, new ones are not remembered.</remarks>
internal sealed class SourceBudgets(IOptions<IngestOptions> options, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, PointBudget> _budgets = new(StringComparer.Ordinal);

    /// <summary>Number of budgets that are remembered.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _budgets.Count;
            }
        }
    }

    /// <summary>The budget of a source; null when it may send as much as it can.</summary>
    public PointBudget? Of(string source)
    {
        var quota = options.Value.Quotas.GetValueOrDefault(source);
        var pointsPerSecond = quota?.PointsPerSecond ?? options.Value.SourcePointsPerSecond;
        if (pointsPerSecond == 0)
        {
            return null;
        }

        lock (_gate)
        {
            if (!_budgets.TryGetValue(source, out var budget))
            {
                budget = new PointBudget(pointsPerSecond, quota?.BurstPoints ?? options.Value.SourceBurstPoints, clock);
                Remember(source, budget);
            }

            return budget;
        }
    }

    private void Remember(string source, PointBudget budget)
    {
        var limit = 2 * options.Value.MaxStreams;
        if (_budgets.Count >= limit)
        {
            foreach (var (idle, _) in _budgets.Where(pair => pair.Value.IsFull).ToList())
            {
                _budgets.Remove(idle);
            }
        }

        if (_budgets.Count < limit)
        {
            _budgets.Add(source, budget);
        }
    }
}
