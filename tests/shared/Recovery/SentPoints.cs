using Monitoring.Indicators;
using Monitoring.LatePoints;

namespace Monitoring.Recovery;

/// <summary>A point as a simulated source sends it.</summary>
internal readonly record struct SentPoint(NodeKey Key, long Time, double Value, bool IsCorrection = false);

/// <summary>The oracle: remembers every point that was sent, and what became of it, without looking at the cluster.</summary>
internal sealed class SentPoints
{
    private readonly List<SentPoint> _counted = [];
    private readonly List<SentPoint> _replaced = [];
    private readonly List<SentPoint> _late = [];
    private readonly HashSet<LateId> _reinjected = [];

    /// <summary>Points that came too late, whatever became of them.</summary>
    public IEnumerable<(NodeKey Key, long Time, double Value)> Late => _late.Select(point => (point.Key, point.Time, point.Value));

    /// <summary>Late points that were put into their buckets.</summary>
    public IReadOnlySet<LateId> Reinjected => _reinjected;

    /// <summary>How many points were corrected.</summary>
    public int Replaced => _replaced.Count;

    /// <summary>A point that counts at once, or takes the place of all that counted at its time.</summary>
    public void Add(SentPoint point)
    {
        if (point.IsCorrection)
        {
            _replaced.AddRange(_counted.Where(IsReplaced));
            _counted.RemoveAll(IsReplaced);
        }

        _counted.Add(point);

        bool IsReplaced(SentPoint old) => old.Key.Equals(point.Key) && old.Time == point.Time;
    }

    /// <summary>A point that counts nowhere.</summary>
    public void AddLate(SentPoint point) => _late.Add(point);

    /// <summary>A late point that counts from now on.</summary>
    public void Reinject(LatePoint point)
    {
        if (_reinjected.Add(point.Id))
        {
            _counted.Add(new SentPoint(point.Key, point.Time, point.Value));
        }
    }

    /// <summary>Points that may be corrected, or that were and may be once more.</summary>
    public List<SentPoint> Correctable(bool again, Func<SentPoint, bool> isOf) => [.. (again ? _replaced : _counted).Where(isOf)];

    /// <summary>Every node over all time.</summary>
    public SortedDictionary<string, Aggregate> Totals()
    {
        var totals = new SortedDictionary<string, Aggregate>(StringComparer.Ordinal);
        foreach (var point in _counted)
        {
            for (var key = point.Key; key is not null; key = key.Parent())
            {
                totals[key.ToString()] = Aggregate.Merge(totals.GetValueOrDefault(key.ToString()), new Aggregate(point.Time, point.Value));
            }
        }

        return totals;
    }
}
