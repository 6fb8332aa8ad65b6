namespace Monitoring.Gateway.Dictionary;

internal sealed partial class DictionaryCache
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Dictionary version {Version} came into force with {Indicators} indicators and {Departments} departments")]
    private partial void LogAdopted(long version, int indicators, int departments);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The dictionary could not be read; version {Version} stays in use until it can")]
    private partial void LogUnreadable(long version, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "The dictionary can be read again")]
    private partial void LogReadable();
}
