namespace Monitoring.Measuring;

/// <summary>Latencies of one kind, kept one by one so that percentiles are exact. Not for concurrent use.</summary>
internal sealed class Latencies
{
    private readonly List<double> _milliseconds = [];
    private bool _isSorted = true;

    /// <summary>How many were measured.</summary>
    public int Count => _milliseconds.Count;

    /// <summary>Adds one.</summary>
    public void Add(TimeSpan latency)
    {
        _milliseconds.Add(latency.TotalMilliseconds);
        _isSorted = false;
    }

    /// <summary>Adds one that counts as several.</summary>
    public void Add(TimeSpan latency, int times)
    {
        _milliseconds.AddRange(Enumerable.Repeat(latency.TotalMilliseconds, times));
        _isSorted = false;
    }

    /// <summary>Adds all of another.</summary>
    public void Add(Latencies other)
    {
        _milliseconds.AddRange(other._milliseconds);
        _isSorted = false;
    }

    /// <summary>The smallest latency that a share of all does not exceed, in milliseconds to the microsecond; null when none was measured.</summary>
    /// <param name="share">Above 0 and at most 1, for example 0.99.</param>
    public double? Percentile(double share)
    {
        if (Count == 0)
        {
            return null;
        }

        if (!_isSorted)
        {
            _milliseconds.Sort();
            _isSorted = true;
        }

        return Math.Round(_milliseconds[(int)Math.Ceiling(share * Count) - 1], 3);
    }
}
