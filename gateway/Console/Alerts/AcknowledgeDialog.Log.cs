namespace Monitoring.Gateway.Console.Alerts;

public sealed partial class AcknowledgeDialog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Acknowledgement of {Department}'s alert {AlertId} failed")]
    private static partial void LogAcknowledgeFailed(ILogger logger, Exception exception, string department, string alertId);
}
