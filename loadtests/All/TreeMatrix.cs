using Monitoring.Centres;
using Monitoring.Tree;

namespace Monitoring.All;

/// <summary>Which loads of the tree are measured. Pure.</summary>
internal static class TreeMatrix
{
    private const int UsualLeaves = 10_000;
    private const int UsualBatch = 1_000;
    private const int FewPropagations = 20;

    /// <summary>Everything that is measured of a load with the usual batches and one stream.</summary>
    private static readonly TreeOptions _whole = new() { Depth = 5, Leaves = UsualLeaves, Batch = UsualBatch, AlertLoad = true, Propagation = 100 };

    /// <summary>All loads.</summary>
    /// <param name="extent">How many.</param>
    /// <param name="centres">What they run against.</param>
    public static IEnumerable<TreeOptions> Of(Extent extent, IReadOnlyList<CentreSetup> centres)
    {
        foreach (var centre in centres)
        {
            var whole = Shortened(_whole with { Centre = centre }, extent);
            var bare = whole with { Alerts = 0, AlertLoad = false, Propagation = 0, Disk = false };
            foreach (var leaves in LeavesOf(extent))
            {
                // With many leaves a point takes seconds to the root under load, and a few tell as much.
                yield return whole with { Leaves = leaves, Propagation = leaves > UsualLeaves ? FewPropagations : whole.Propagation };
            }

            foreach (var (leaves, batch, streams) in OthersOf(extent))
            {
                yield return bare with { Leaves = leaves, Batch = batch, Streams = streams };
            }
        }
    }

    private static TreeOptions Shortened(TreeOptions options, Extent extent) => extent == Extent.Quick
        ? options with { Seconds = 5, Warmup = 3, Alerts = 40, Propagation = 20 }
        : options;

    private static int[] LeavesOf(Extent extent) => extent == Extent.Quick ? [1_000, UsualLeaves] : [1_000, UsualLeaves, 100_000];

    private static IEnumerable<(int Leaves, int Batch, int Streams)> OthersOf(Extent extent) => extent switch
    {
        Extent.Quick => [(UsualLeaves, 10, 1), (UsualLeaves, UsualBatch, 32)],
        Extent.Usual =>
        [
            (UsualLeaves, 10, 1),
            (UsualLeaves, 100, 1),
            (UsualLeaves, UsualBatch, 4),
            (UsualLeaves, UsualBatch, 32),
            (UsualLeaves, 10, 32),
            (UsualLeaves, 100, 32),
        ],
        _ => from leaves in LeavesOf(extent)
             from batch in (int[])[10, 100, UsualBatch]
             from streams in (int[])[1, 2, 4, 8, 16, 32]
             where batch != UsualBatch || streams != 1
             select (leaves, batch, streams),
    };
}
