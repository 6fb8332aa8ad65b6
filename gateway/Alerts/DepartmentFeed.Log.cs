namespace Monitoring.Gateway.Alerts;

internal sealed partial class DepartmentFeed
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The alert log of {Department} could not be read")]
    private partial void LogUnreadable(string department, Exception exception);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The subscription to {Department} was left to expire")]
    private partial void LogNotUnsubscribed(string department, Exception exception);
}
