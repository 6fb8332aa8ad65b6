using Microsoft.Extensions.Logging;

namespace Monitoring.Partitions;

internal sealed partial class PartitionHealth
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Partition {Partition} cannot {Duty}; it tries again until it can: {Reason}")]
    private partial void LogFailing(int partition, string duty, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Partition {Partition} could not {Duty}")]
    private partial void LogFailed(Exception exception, int partition, string duty);

    [LoggerMessage(Level = LogLevel.Information, Message = "Partition {Partition} can {Duty} again, after {Elapsed}")]
    private partial void LogWorking(int partition, string duty, TimeSpan elapsed);
}
