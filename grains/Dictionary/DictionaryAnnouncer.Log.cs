using Microsoft.Extensions.Logging;

namespace Monitoring.Dictionary;

internal sealed partial class DictionaryAnnouncer
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Partition {Partition} could not be told of dictionary version {Version}; it adopts it with its next message")]
    private partial void LogNotTold(Exception exception, int partition, long version);
}
