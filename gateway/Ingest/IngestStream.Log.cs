namespace Monitoring.Gateway.Ingest;

internal sealed partial class IngestStream
{
    [LoggerMessage(Level = LogLevel.Information, Message = "{Source} opened stream {Epoch} behind batch {Sequence}")]
    private partial void LogOpened(string source, long epoch, long sequence);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Source} ended stream {Epoch}: {Reason}")]
    private partial void LogEnded(string source, long epoch, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Source} could not be answered on stream {Epoch}")]
    private partial void LogUnanswerable(string source, long epoch, Exception exception);
}
