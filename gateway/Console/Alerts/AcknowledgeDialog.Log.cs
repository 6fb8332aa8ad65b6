namespace Monitoring.Gateway.Console.Alerts;

public sealed partial class AcknowledgeDialog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Acknowledgement of {Department}'s alert {AlertId} failed")]
    private static partial void LogAcknowledgeFailed(ILogger logger, Exception exception, string department, string alertId);

    [LoggerMessage(Level = LogLevel.Information, Message = "A browser did not remember who acknowledges")]
    private static partial void LogNotRemembered(ILogger logger, Exception exception);
}
