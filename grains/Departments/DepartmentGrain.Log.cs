using Microsoft.Extensions.Logging;

namespace Monitoring.Departments;

internal sealed partial class DepartmentGrain
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Department {Department} steps down: another activation writes its alert log")]
    private partial void LogSteppedDown(Exception exception, string department);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Department {Department} could not tell an observer of new log entries")]
    private partial void LogNoticeFailed(Exception exception, string department);
}
