namespace Monitoring.Gateway.Hosting;

internal sealed partial class ErrorInterceptor
{
    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} failed")]
    private partial void LogFailed(string method, Exception exception);
}
