using System.Globalization;
using Monitoring.Tree;

namespace Monitoring.Peers.RemoteWrite;

/// <summary>
/// The leaves as series. A series holds the running total of its leaf, as counters do, so that sums over series are sums over all points.
/// Each parent has one more leaf for probes, since only one connection may write a series: its times must ascend.
/// </summary>
internal sealed class TreeSeries
{
    /// <summary>Name of the metric.</summary>
    public const string Metric = "load_value";

    private readonly byte[][] _labels;
    private readonly double[] _totals;
    private readonly long[] _lastTimes;
    private readonly int _leaves;

    public TreeSeries(TreeShape tree)
    {
        _leaves = tree.Leaves;
        _labels = new byte[tree.Leaves + tree.Parents][];
        _totals = new double[_labels.Length];
        _lastTimes = new long[_labels.Length];
        for (var leaf = 0; leaf < tree.Leaves; leaf++)
        {
            _labels[leaf] = LabelsOf(tree.LeafPath(leaf));
        }

        for (var parent = 0; parent < tree.Parents; parent++)
        {
            _labels[ProbeOf(parent)] = LabelsOf($"{tree.ParentPath(parent)}/probe");
        }
    }

    /// <summary>The leaf of a parent that is for probes.</summary>
    public int ProbeOf(int parent) => _leaves + parent;

    /// <summary>Puts points into a request. Not for one leaf at the same time.</summary>
    /// <param name="batch">The request.</param>
    /// <param name="leaves">Leaf of each point, ascending.</param>
    /// <param name="values">Value of each point, to be added to the total of its leaf.</param>
    /// <param name="now">Time of the points, in milliseconds; later where a leaf has a point of that time already.</param>
    public void Write(RemoteWriteBatch batch, ReadOnlySpan<int> leaves, ReadOnlySpan<double> values, long now)
    {
        for (int begin = 0, end; begin < leaves.Length; begin = end)
        {
            var leaf = leaves[begin];
            end = begin + 1;
            while (end < leaves.Length && leaves[end] == leaf)
            {
                end++;
            }

            batch.Begin(_labels[leaf], end - begin);
            for (var index = begin; index < end; index++)
            {
                _totals[leaf] += values[index];
                _lastTimes[leaf] = Math.Max(now, _lastTimes[leaf] + 1);
                batch.Add(_lastTimes[leaf], _totals[leaf]);
            }
        }
    }

    /// <summary>The parent of a label, for example 31 of <c>p31</c>.</summary>
    public static int ParentOf(string label) => int.Parse(label.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture);

    private static byte[] LabelsOf(string path)
    {
        var parts = path.Split('/');
        return RemoteWriteBatch.Encode(("__name__", Metric), ("department", parts[0]), ("leaf", parts[2]), ("parent", parts[1]));
    }
}
