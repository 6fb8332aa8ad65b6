using System.Net;
using CsCheck;
using Monitoring.Placement;

namespace Monitoring.UnitTests.Placement;

public sealed class MoveRuleTests
{
    private const int Count = 16;
    private static readonly TimeSpan _settle = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan _maxSettle = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _step = TimeSpan.FromMilliseconds(250);

    [Fact]
    public void MayMove_SilosChangeSoonerThanTheySettle_Never() =>
        Gen.Int[1, 11].Array[1, 40].Sample(steps =>
        {
            var rule = new MoveRule(_settle, _maxSettle);
            var now = TimeSpan.Zero;
            for (var change = 0; change < steps.Length; change++)
            {
                rule.Look(PartitionSpread.Over([Silo(1, 1), Silo(2, change + 1)], Count), now);
                for (var step = 0; step < steps[change]; step++, now += _step)
                {
                    Assert.False(rule.MayMove(TimeSpan.Zero - _maxSettle, now));
                }
            }
        });

    [Fact]
    public void MayMove_SilosComeOnce_AfterTheSettleTime()
    {
        var rule = new MoveRule(_settle, _maxSettle);
        rule.Look(PartitionSpread.Over([Silo(1, 1)], Count), TimeSpan.Zero);
        rule.Look(PartitionSpread.Over([Silo(1, 1), Silo(2, 2)], Count), TimeSpan.FromSeconds(10));

        Assert.False(rule.MayMove(TimeSpan.Zero, TimeSpan.FromSeconds(12.9)));
        Assert.True(rule.MayMove(TimeSpan.Zero, TimeSpan.FromSeconds(13)));
        Assert.False(rule.MayMove(TimeSpan.FromSeconds(11), TimeSpan.FromSeconds(13)));
    }

    [Fact]
    public void MayMove_SiloComesBackAgainAndAgain_PartitionsDoNotFollowItToAndFro()
    {
        const int Flaps = 60;
        var (up, down) = (TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(2));
        var cluster = new Simulation(Silo(1, 1), Silo(2, 2), Silo(3, 3));
        cluster.Run(TimeSpan.FromMinutes(2));
        Assert.Equal(0, cluster.Strays);
        var before = cluster.Moves;

        for (var flap = 0; flap < Flaps; flap++)
        {
            cluster.Die(2);
            cluster.Run(down);
            cluster.Come(Silo(3, 4 + flap));
            cluster.Run(up);
        }

        // Its share of five or six moves back for the first few times and not for each of sixty.
        Assert.InRange(cluster.Moves - before, 0, 30);

        cluster.Run(_maxSettle + TimeSpan.FromSeconds(5));
        Assert.Equal(0, cluster.Strays);
    }

    private static SiloAddress Silo(int port, int generation) => SiloAddress.New(IPAddress.Loopback, port, generation);

    /// <summary>Partitions of three silos that see the same: what a dead one had starts at its home at once, other strays wait for the rule.</summary>
    private sealed class Simulation(params SiloAddress?[] silos)
    {
        private readonly MoveRule _rule = new(_settle, _maxSettle);
        private readonly (SiloAddress? Owner, TimeSpan Since)[] _owners = new (SiloAddress?, TimeSpan)[Count];
        private PartitionSpread _spread = PartitionSpread.Over([.. silos.OfType<SiloAddress>()], Count);
        private TimeSpan _now;

        public int Moves { get; private set; }

        public int Strays => Enumerable.Range(0, Count).Count(partition => !Equals(_owners[partition].Owner, _spread.HomeOf(partition)));

        public void Die(int index) => Change(index, null);

        public void Come(SiloAddress silo) => Change(Array.IndexOf(silos, null), silo);

        public void Run(TimeSpan duration)
        {
            for (var end = _now + duration; _now < end; _now += _step)
            {
                _rule.Look(_spread, _now);
                for (var partition = 0; partition < Count; partition++)
                {
                    var (owner, since) = _owners[partition];
                    var home = _spread.HomeOf(partition);
                    var isOrphan = owner is null || !_spread.Silos.Contains(owner);
                    if (!Equals(owner, home) && (isOrphan || _rule.MayMove(since, _now)))
                    {
                        Moves += isOrphan ? 0 : 1;
                        _owners[partition] = (home, _now);
                    }
                }
            }
        }

        private void Change(int index, SiloAddress? silo)
        {
            silos[index] = silo;
            _spread = PartitionSpread.Over([.. silos.OfType<SiloAddress>()], Count);
        }
    }
}
