using System.Runtime.InteropServices;
using Monitoring.Indicators;

namespace Monitoring.RawPoints;

/// <summary>
/// The points of one bucket that a node received itself and that count at present: the raw log folded up, and what one journal entry does
/// to it.
/// </summary>
internal sealed class PresentPoints
{
    private readonly List<(long Time, double Value, bool IsNew)> _points = [];

    /// <summary>Points that counted before the entry and do no longer.</summary>
    public Aggregate Removed { get; private set; }

    /// <summary>Takes over a line of the log as it was before the entry.</summary>
    public void Restore(RawPoint point)
    {
        if (point.Replaces)
        {
            _points.RemoveAll(present => present.Time == point.Time);
        }

        _points.Add((point.Time, point.Value, false));
    }

    /// <summary>Adds a point of the entry.</summary>
    public void Add(long time, double value) => _points.Add((time, value, true));

    /// <summary>Puts a point of the entry in the place of all at its time; returns their values in the order in which they came.</summary>
    public double[] Replace(long time, double value)
    {
        var old = new List<double>(1);
        foreach (var present in CollectionsMarshal.AsSpan(_points))
        {
            if (present.Time != time)
            {
                continue;
            }

            old.Add(present.Value);
            if (!present.IsNew)
            {
                Removed = Aggregate.Merge(Removed, new Aggregate(present.Time, present.Value));
            }
        }

        _points.RemoveAll(present => present.Time == time);
        _points.Add((time, value, true));
        return [.. old];
    }

    /// <summary>All that count.</summary>
    public Aggregate Total() => Fold(onlyNew: false);

    /// <summary>Those of the entry that count.</summary>
    public Aggregate Added() => Fold(onlyNew: true);

    private Aggregate Fold(bool onlyNew)
    {
        var total = default(Aggregate);
        foreach (var (time, value, isNew) in CollectionsMarshal.AsSpan(_points))
        {
            if (isNew || !onlyNew)
            {
                total = Aggregate.Merge(total, new Aggregate(time, value));
            }
        }

        return total;
    }
}
