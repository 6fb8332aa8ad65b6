using Microsoft.Extensions.Logging;

namespace Monitoring.Sources;

internal sealed partial class SourceGrain
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Source {Source} could not store what was acknowledged; it may send that again")]
    private partial void LogWriteFailed(Exception exception, string source);
}
