namespace Monitoring.Gateway.Indicators;

internal sealed partial class SelectionPoller
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Nodes of {Indicator} could not be read for their watchers")]
    private partial void LogUnreadable(string indicator, Exception exception);
}
