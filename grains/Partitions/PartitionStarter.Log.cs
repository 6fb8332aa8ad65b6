using Microsoft.Extensions.Logging;

namespace Monitoring.Partitions;

internal sealed partial class PartitionStarter
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "Partition {Partition} is about to start; it is tried again")]
    private partial void LogNotYetStarted(Exception exception, int partition);

    [LoggerMessage(Level = LogLevel.Warning, Message = "There was no time to close all partitions; the next start replays what they had not stored")]
    private partial void LogNotClosed();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The dictionary could not be read, so partitions are not told it; it is tried again")]
    private partial void LogNoDictionary(Exception exception);
}
