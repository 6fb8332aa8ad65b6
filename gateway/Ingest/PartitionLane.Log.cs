namespace Monitoring.Gateway.Ingest;

internal sealed partial class PartitionLane
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "{Source} repeated a delivery that partition {Partition} did not take")]
    private partial void LogRetried(string source, long partition, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Source} was cut off because partition {Partition} took no points for too long")]
    private partial void LogGivenUp(string source, long partition, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Source} was cut off by an unexpected error")]
    private partial void LogBroken(string source, Exception exception);
}
