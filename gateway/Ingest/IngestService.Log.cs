namespace Monitoring.Gateway.Ingest;

internal sealed partial class IngestService
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Source} could not open a stream")]
    private partial void LogNotOpened(string source, Exception exception);
}
