using System.Net;

namespace Monitoring.Placement;

/// <summary>
/// When partitions may move between silos: once the same silos have been there for a while, and for longer when one of them has come back
/// again and again. A silo that crashes in a loop, or is suspected because it is only slow, would otherwise draw its share to itself each
/// time and lose it a moment later. Pure but for itself; times count from any moment.
/// </summary>
/// <param name="settleTime">How long the same silos must be there.</param>
/// <param name="maxSettleTime">Longest such time, and how soon a silo must come back for its time to double.</param>
internal sealed class MoveRule(TimeSpan settleTime, TimeSpan maxSettleTime)
{
    private readonly Dictionary<IPEndPoint, Arrival> _arrivals = [];
    private PartitionSpread _spread = PartitionSpread.Nowhere;
    private TimeSpan _settlingSince;
    private TimeSpan _wait;

    /// <summary>Takes note of the silos that are there now.</summary>
    public void Look(PartitionSpread spread, TimeSpan now)
    {
        if (spread == _spread)
        {
            return;
        }

        foreach (var (place, arrival) in _arrivals)
        {
            if (now - arrival.At > maxSettleTime + settleTime)
            {
                _arrivals.Remove(place);
            }
        }

        foreach (var silo in spread.Silos)
        {
            if (!_spread.Silos.Contains(silo))
            {
                var wait = _arrivals.TryGetValue(silo.Endpoint, out var before) ? Longer(before.Wait) : settleTime;
                _arrivals[silo.Endpoint] = new Arrival(now, wait);
            }
        }

        _wait = settleTime;
        foreach (var silo in spread.Silos)
        {
            if (_arrivals.TryGetValue(silo.Endpoint, out var arrival) && arrival.Wait > _wait)
            {
                _wait = arrival.Wait;
            }
        }

        (_spread, _settlingSince) = (spread, now);
    }

    /// <summary>True when a partition that belongs elsewhere may move.</summary>
    /// <param name="startedAt">When it started here.</param>
    /// <param name="now">The present.</param>
    public bool MayMove(TimeSpan startedAt, TimeSpan now) => now - _settlingSince >= _wait && now - startedAt >= settleTime;

    private TimeSpan Longer(TimeSpan wait) => wait * 2 < maxSettleTime ? wait * 2 : TimeSpan.FromTicks(Math.Max(maxSettleTime.Ticks, settleTime.Ticks));

    private readonly record struct Arrival(TimeSpan At, TimeSpan Wait);
}
