using Microsoft.Extensions.Logging;

namespace Monitoring.Dictionary;

internal sealed partial class DictionaryGrain
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Dictionary went to version {Version} with {Indicators} indicators and {Departments} departments")]
    private partial void LogApplied(long version, int indicators, int departments);
}
