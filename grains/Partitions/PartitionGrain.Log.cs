using Microsoft.Extensions.Logging;

namespace Monitoring.Partitions;

internal sealed partial class PartitionGrain
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "Partition {Partition} started as epoch {Epoch} with {Nodes} nodes and {Entries} entries to replay")]
    private partial void LogStarted(int partition, long epoch, int nodes, int entries);

    [LoggerMessage(Level = LogLevel.Information, Message = "Partition {Partition} replayed {Entries} journal entries in {Elapsed}")]
    private partial void LogReplayed(int partition, int entries, TimeSpan elapsed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Partition {Partition} steps down at epoch {Epoch}; it recovers from its journal")]
    private partial void LogSteppedDown(Exception exception, int partition, long epoch);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Partition {Partition} could not take a last checkpoint; the next start replays its journal")]
    private partial void LogLastCheckpointFailed(Exception exception, int partition);
}
