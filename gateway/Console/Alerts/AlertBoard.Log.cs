namespace Monitoring.Gateway.Console.Alerts;

internal sealed partial class AlertBoard
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Alert feed of the console broke {Failures} times in a row; it resumes in {Pause}")]
    private partial void LogFeedBroke(Exception? exception, int failures, TimeSpan pause);

    [LoggerMessage(Level = LogLevel.Information, Message = "Alert feed of the console resumed")]
    private partial void LogFeedResumed();
}
