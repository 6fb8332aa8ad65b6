using Microsoft.Extensions.Logging;

namespace Monitoring.Storage.PostgreSql;

internal sealed partial class PostgreSqlDatabase
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "PostgreSQL at {Address} fails ({Reason}); nothing is acknowledged until it is back")]
    private partial void LogAway(string address, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "PostgreSQL at {Address} is back")]
    private partial void LogBack(string address);
}
