using Monitoring.Partitions;

namespace Monitoring.Placement;

/// <summary>Where partitions belong, as far as this silo sees the cluster. Thread-safe.</summary>
internal sealed class PartitionPlaces(
    PartitionMap map, IClusterMembershipService membership, IClusterManifestProvider manifests, ILocalSiloDetails self)
{
    private volatile PartitionSpread _latest = PartitionSpread.Nowhere;

    /// <summary>This silo.</summary>
    public SiloAddress Self => self.SiloAddress;

    /// <summary>Where partitions belong now; the same object for as long as the same silos are there.</summary>
    public PartitionSpread Current
    {
        get
        {
            var silos = ActiveSilos();
            var latest = _latest;
            return latest.Silos.SetEquals(silos) ? latest : _latest = PartitionSpread.Over(silos, map.Count);
        }
    }

    /// <summary>True while this silo takes part.</summary>
    public bool IsActive => membership.CurrentSnapshot.GetSiloStatus(Self) == SiloStatus.Active;

    /// <summary>Active silos whose abilities are known here: Orleans places on no others.</summary>
    private List<SiloAddress> ActiveSilos()
    {
        var known = manifests.Current.Silos;
        var silos = new List<SiloAddress>();
        foreach (var (silo, member) in membership.CurrentSnapshot.Members)
        {
            if (member.Status == SiloStatus.Active && known.ContainsKey(silo))
            {
                silos.Add(silo);
            }
        }

        return silos;
    }
}

/// <summary>The silo of each partition.</summary>
internal sealed class PartitionSpread
{
    private readonly SiloAddress[] _homes;

    private PartitionSpread(HashSet<SiloAddress> silos, SiloAddress[] homes) => (Silos, _homes) = (silos, homes);

    /// <summary>No silo is active.</summary>
    public static PartitionSpread Nowhere { get; } = new([], []);

    /// <summary>The silos it is made of.</summary>
    public IReadOnlySet<SiloAddress> Silos { get; }

    public static PartitionSpread Over(IReadOnlyCollection<SiloAddress> silos, int count) =>
        silos.Count == 0 ? Nowhere : new PartitionSpread([.. silos], PartitionAssignment.Spread(silos, count));

    /// <summary>The silo of a partition; null when no silo is active, or there is no such partition.</summary>
    public SiloAddress? HomeOf(long partition) => partition >= 0 && partition < _homes.Length ? _homes[partition] : null;

    /// <summary>Partitions of a silo.</summary>
    public IEnumerable<int> Of(SiloAddress silo) => Enumerable.Range(0, _homes.Length).Where(partition => _homes[partition].Equals(silo));
}
