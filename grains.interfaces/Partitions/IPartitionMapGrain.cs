namespace Monitoring.Partitions;

/// <summary>Tells how the cluster divides its nodes. Its key is <see cref="Key"/>.</summary>
[Alias("monitoring.partition-map")]
public interface IPartitionMapGrain : IGrainWithIntegerKey
{
    /// <summary>The one key.</summary>
    const int Key = 0;

    /// <summary>Number of partitions; see <see cref="PartitionMap"/>.</summary>
    [Alias("count")]
    Task<int> GetCountAsync(CancellationToken cancellationToken = default);
}
