using System.Runtime.InteropServices;
using System.IO.Hashing;
using System.Text;

namespace Monitoring.Placement;

/// <summary>
/// Spreads partitions over silos. A function of the silos alone, so that every silo comes to the same answer by itself: the oldest has
/// everything, and each younger one takes its share from those that have most. Hence loads differ by one at most, and a silo that joins
/// moves what it takes and nothing else.
/// </summary>
internal static class PartitionAssignment
{
    /// <summary>The silo of each partition.</summary>
    /// <param name="silos">At least one, in any order.</param>
    /// <param name="count">Number of partitions.</param>
    public static SiloAddress[] Spread(IEnumerable<SiloAddress> silos, int count)
    {
        var byAge = silos.OrderBy(silo => silo.Generation).ThenBy(silo => silo.ToParsableString(), StringComparer.Ordinal).ToArray();
        var owners = new int[count];
        var loads = new int[byAge.Length];
        loads[0] = count;
        for (var newcomer = 1; newcomer < byAge.Length; newcomer++)
        {
            Give(newcomer, RankedBy(byAge[newcomer], count), owners, loads);
        }

        return [.. owners.Select(owner => byAge[owner])];
    }

    private static void Give(int newcomer, int[] ranked, int[] owners, int[] loads)
    {
        var share = owners.Length / (newcomer + 1);
        while (loads[newcomer] < share)
        {
            var most = loads.AsSpan(0, newcomer).ToArray().Max();
            var given = Array.Find(ranked, partition => owners[partition] != newcomer && loads[owners[partition]] == most);
            loads[owners[given]]--;
            loads[newcomer]++;
            owners[given] = newcomer;
        }
    }

    /// <summary>Partitions in an order of the silo's own: so it takes much the same ones, whoever else is there.</summary>
    private static int[] RankedBy(SiloAddress silo, int count)
    {
        var seed = (long)XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(silo.ToParsableString()));
        var partitions = Enumerable.Range(0, count).ToArray();
        var ranks = Array.ConvertAll(partitions, partition => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in partition)), seed));
        Array.Sort(ranks, partitions);
        return partitions;
    }
}
