using Monitoring.Chaos.Input;

namespace Monitoring.Chaos.Oracle;

public sealed class NodeVerdictTests
{
    private static readonly InputShape TheShape = new()
    {
        Seed = 3,
        Sources = 2,
        Leaves = 250,
        Rate = 400,
        Duration = TimeSpan.FromSeconds(5),
        LatePercent = 30,
        Start = 1_800_000_000_000,
    };

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    public void Expected_EveryNode_IsWhatItsPointsComeTo(int correctedPercent)
    {
        var input = new SourceInput(TheShape with { CorrectedPercent = correctedPercent });
        var expected = ExpectedTree.Of(input, [TheShape.Batches, 20]);
        var points = Points(input, [TheShape.Batches, 20]);

        Assert.Equal(correctedPercent == 0, points.Length == expected.Points);
        for (var depth = 0; depth <= ChaosTree.Depth; depth++)
        {
            foreach (var node in points.GroupBy(point => (point.Indicator, Node: ChaosTree.Above(point.Leaf, depth))))
            {
                var total = expected.TotalOf(node.Key.Indicator, depth, node.Key.Node);
                Assert.Equal(node.Count(), total.Count);
                Assert.Equal(node.Sum(point => point.Hundredths), total.Sum);
                Assert.Equal(node.Min(point => point.Hundredths), total.Min);
                Assert.Equal(node.Max(point => (point.Time, point.Hundredths)), total.Last);
                Assert.Equal(node.Min(point => (point.Time, point.Hundredths)), total.First);
            }
        }
    }

    [Fact]
    public void Add_WhatIsExpected_IsEqual()
    {
        var verdict = Judge(found => found);

        Assert.Equal((1, 0, 0, 0), (verdict.Nodes, verdict.Unequal, verdict.Lost, verdict.Doubled));
    }

    [Fact]
    public void Add_PointsThatMissOrCameTwice_AreCounted()
    {
        var lost = Judge(found => [found[0] with { Count = found[0].Count - 2 }, .. found[1..]]);
        var lostBucket = Judge(found => found[1..]);
        var doubled = Judge(found => [found[0] with { Count = found[0].Count + 1 }, .. found[1..]]);
        var invented = Judge(found => [new FoundBucket(1, 3, 1, 1, 1, 1, 1), .. found]);

        Assert.Equal((1, 2, 0), (lost.Unequal, lost.Lost, lost.Doubled));
        Assert.Equal((1, 0), (lostBucket.Unequal, lostBucket.Doubled));
        Assert.True(lostBucket.Lost > 0);
        Assert.Equal((1, 0, 1), (doubled.Unequal, doubled.Lost, doubled.Doubled));
        Assert.Equal((1, 0, 3), (invented.Unequal, invented.Lost, invented.Doubled));
    }

    [Fact]
    public void Add_AnyFieldThatDiffers_IsUnequal()
    {
        Func<FoundBucket, FoundBucket>[] changes =
        [
            bucket => bucket with { Sum = bucket.Sum + 0.01 },
            bucket => bucket with { Min = bucket.Min - 0.01 },
            bucket => bucket with { Max = bucket.Max + 0.01 },
            bucket => bucket with { First = bucket.First + 0.01 },
            bucket => bucket with { Last = bucket.Last + 0.01 },
        ];

        Assert.All(changes, change => Assert.Equal(1, Judge(found => [change(found[0]), .. found[1..]]).Unequal));
    }

    private static InputPoint[] Points(SourceInput input, long[] batches)
    {
        var all = new List<InputPoint>();
        var points = new List<InputPoint>();
        for (var source = 0; source < batches.Length; source++)
        {
            for (var sequence = 1L; sequence <= batches[source]; sequence++)
            {
                input.Read(source, sequence, points);
                foreach (var point in points.Where(point => point.Flaw == Flaw.None))
                {
                    if (point.IsCorrection)
                    {
                        all.RemoveAll(other => (other.Indicator, other.Leaf, other.Time) == (point.Indicator, point.Leaf, point.Time));
                    }

                    all.Add(point);
                }
            }
        }

        return [.. all];
    }

    /// <summary>Judges the first leaf, found as expected but for a change.</summary>
    private static NodeVerdict Judge(Func<FoundBucket[], FoundBucket[]> change)
    {
        var expected = ExpectedTree.Of(new SourceInput(TheShape), [TheShape.Batches, TheShape.Batches])
            .BucketsOf(InputIndicator.Load, ChaosTree.Depth, node: 0);
        var found = expected.Select(pair => new FoundBucket(
            pair.Key,
            pair.Value.Count,
            pair.Value.Sum / 100.0,
            pair.Value.Min / 100.0,
            pair.Value.Max / 100.0,
            pair.Value.First.Value / 100.0,
            pair.Value.Last.Value / 100.0)).ToArray();
        var verdict = new NodeVerdict();
        verdict.Add("leaf", isLeaf: true, expected, change(found));
        return verdict;
    }
}
