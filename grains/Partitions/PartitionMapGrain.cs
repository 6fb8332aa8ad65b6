using Orleans.Concurrency;

namespace Monitoring.Partitions;

/// <summary>Answers gateways from what every silo has checked against the storage.</summary>
[GrainType("partition-map"), StatelessWorker]
internal sealed class PartitionMapGrain(PartitionMap map) : Grain, IPartitionMapGrain
{
    public Task<int> GetCountAsync(CancellationToken cancellationToken = default) => Task.FromResult(map.Count);
}
