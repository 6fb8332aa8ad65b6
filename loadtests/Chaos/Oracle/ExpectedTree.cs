using Monitoring.Chaos.Input;

namespace Monitoring.Chaos.Oracle;

/// <summary>What every node of the tree must hold, bucket by bucket. Knows nothing of the engine: it adds up what was acknowledged.</summary>
internal sealed class ExpectedTree
{
    private static readonly Dictionary<long, Summary> _none = [];

    private readonly Dictionary<long, Summary>?[][][] _buckets; // By indicator, depth, node; each by start of the bucket.

    private readonly List<(long Time, long Value)>?[][] _points; // By indicator and leaf, while they are added.

    private ExpectedTree(ChaosTree tree)
    {
        int[] depths = [.. Enumerable.Range(0, ChaosTree.Depth + 1)];
        _buckets =
        [
            .. Enum.GetValues<InputIndicator>()
                .Select(_ => depths.Select(depth => new Dictionary<long, Summary>?[tree.NodesAt(depth)]).ToArray()),
        ];
        _points = [.. Enum.GetValues<InputIndicator>().Select(_ => new List<(long, long)>?[tree.Leaves])];
    }

    /// <summary>Good points that were added, corrections among them.</summary>
    public long Points { get; private set; }

    /// <summary>Adds up the first batches of each source.</summary>
    /// <param name="input">What the sources say.</param>
    /// <param name="batches">How many batches of each source were acknowledged.</param>
    public static ExpectedTree Of(SourceInput input, IReadOnlyList<long> batches)
    {
        var expected = new ExpectedTree(new ChaosTree(input.Shape.Leaves));
        var points = new List<InputPoint>();
        for (var source = 0; source < batches.Count; source++)
        {
            for (var sequence = 1L; sequence <= batches[source]; sequence++)
            {
                input.Read(source, sequence, points);
                foreach (var point in points)
                {
                    expected.Add(point);
                }
            }
        }

        expected.FillLeaves();
        expected.RollUp();
        return expected;
    }

    /// <summary>The buckets of a node that hold points, by start.</summary>
    public IReadOnlyDictionary<long, Summary> BucketsOf(InputIndicator indicator, int depth, int node) =>
        _buckets[(int)indicator][depth][node] ?? _none;

    /// <summary>All points of a node.</summary>
    public Summary TotalOf(InputIndicator indicator, int depth, int node) => TotalOf(indicator, depth, node, long.MinValue, long.MaxValue);

    /// <summary>The points of a node in the buckets that start within [from, until).</summary>
    public Summary TotalOf(InputIndicator indicator, int depth, int node, long from, long until)
    {
        var total = default(Summary);
        foreach (var (start, summary) in BucketsOf(indicator, depth, node))
        {
            if (start >= from && start < until)
            {
                total = total.With(summary);
            }
        }

        return total;
    }

    /// <summary>Takes a point of a source, in the source's order.</summary>
    private void Add(InputPoint point)
    {
        if (point.Flaw != Flaw.None)
        {
            return;
        }

        Points++;
        var points = _points[(int)point.Indicator][point.Leaf] ??= [];
        if (point.IsCorrection)
        {
            points.RemoveAll(present => present.Time == point.Time);
        }

        points.Add((point.Time, point.Hundredths));
    }

    private void FillLeaves()
    {
        foreach (var indicator in Enum.GetValues<InputIndicator>())
        {
            for (var leaf = 0; leaf < _points[(int)indicator].Length; leaf++)
            {
                foreach (var (time, value) in _points[(int)indicator][leaf] ?? [])
                {
                    var start = time / ChaosDictionary.ResolutionMs * ChaosDictionary.ResolutionMs;
                    Add(indicator, ChaosTree.Depth, leaf, start, Summary.Of(time, value));
                }
            }

            Array.Clear(_points[(int)indicator]);
        }
    }

    private void Add(InputIndicator indicator, int depth, int node, long start, Summary added)
    {
        var buckets = _buckets[(int)indicator][depth][node] ??= [];
        buckets[start] = buckets.TryGetValue(start, out var present) ? present.With(added) : added;
    }

    private void RollUp()
    {
        foreach (var indicator in Enum.GetValues<InputIndicator>())
        {
            for (var depth = ChaosTree.Depth; depth > 0; depth--)
            {
                for (var node = 0; node < _buckets[(int)indicator][depth].Length; node++)
                {
                    foreach (var (start, summary) in BucketsOf(indicator, depth, node))
                    {
                        Add(indicator, depth - 1, ChaosTree.ParentOf(depth, node), start, summary);
                    }
                }
            }
        }
    }
}
