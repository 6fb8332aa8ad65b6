using System.Net;
using CsCheck;
using Monitoring.Placement;

namespace Monitoring.UnitTests.Placement;

public sealed class PartitionAssignmentTests
{
    /// <summary>Silos of different ages, in any order; the last one is younger than all.</summary>
    private static readonly Gen<SiloAddress[]> GenSilos = Gen.Int[1, 60_000].HashSet[1, 12].Select(
        ports => ports.Select((port, age) => SiloAddress.New(IPAddress.Loopback, port, 1_000 + age)).ToArray());

    private static readonly Gen<int> GenCount = Gen.Int[1, 130];

    [Fact]
    public void Spread_AnySilos_LoadsDifferByOneAtMost() =>
        Gen.Select(GenSilos, GenCount).Sample((silos, count) =>
        {
            var homes = PartitionAssignment.Spread(silos, count);

            var loads = silos.Select(silo => homes.Count(home => home.Equals(silo))).ToArray();
            Assert.Equal(count, loads.Sum());
            Assert.True(loads.Max() - loads.Min() <= 1, string.Join(' ', loads));
        });

    [Fact]
    public void Spread_OtherOrder_IsTheSame() =>
        Gen.Select(GenSilos, GenCount).Sample((silos, count) =>
            Assert.Equal(PartitionAssignment.Spread(silos, count), PartitionAssignment.Spread(silos.Reverse(), count)));

    [Fact]
    public void Spread_SiloJoins_MovesItsShareAndNothingElse() =>
        Gen.Select(GenSilos, GenCount).Sample((silos, count) =>
        {
            var before = silos.Length == 1 ? null : PartitionAssignment.Spread(silos[..^1], count);
            var after = PartitionAssignment.Spread(silos, count);

            var moved = Enumerable.Range(0, count).Where(partition => before is not null && !before[partition].Equals(after[partition])).ToArray();
            Assert.All(moved, partition => Assert.Equal(silos[^1], after[partition]));
            Assert.Equal(before is null ? 0 : count / silos.Length, moved.Length);
        });

    [Fact]
    public void Spread_SiloLeaves_MovesLittleBeyondWhatItHad() =>
        Gen.Select(GenSilos, Gen.Int[0, 11]).Sample((silos, index) =>
        {
            const int Count = 64;
            if (silos.Length < 2)
            {
                return;
            }

            var leaving = silos[index % silos.Length];
            var before = PartitionAssignment.Spread(silos, Count);
            var after = PartitionAssignment.Spread(silos.Where(silo => !silo.Equals(leaving)), Count);

            var moved = Enumerable.Range(0, Count).Count(partition => !before[partition].Equals(after[partition]));
            var had = before.Count(home => home.Equals(leaving));
            Assert.InRange(moved, had, Count * 2 / 3);
        });
}
