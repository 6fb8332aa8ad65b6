using Grpc.Core;
using Monitoring.Protocol.V1;

namespace Monitoring.Gateway.Demo;

internal sealed partial class DemoProducer
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Demo flights begin at speed {Speed}, {Days} days a round")]
    private partial void LogStarted(double speed, int days);

    [LoggerMessage(Level = LogLevel.Information, Message = "Demo flights go on behind batch {Acknowledged} at speed {Speed}, {Days} days a round")]
    private partial void LogResumed(long acknowledged, double speed, int days);

    [LoggerMessage(Level = LogLevel.Information, Message = "Demo flights ended; batch {Acknowledged} was the last")]
    private partial void LogFinished(long acknowledged);

    [LoggerMessage(Level = LogLevel.Information, Message = "Demo flights change to a new stream behind batch {Acknowledged}")]
    private partial void LogReconnecting(long acknowledged);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Demo stream broke with {Status} ({Detail}); the next one opens in {Wait}")]
    private partial void LogBroken(StatusCode status, string detail, TimeSpan wait);

    [LoggerMessage(Level = LogLevel.Error, Message = "Demo flights wait: their schedule cannot be kept on disk; the next try is in {Wait}")]
    private partial void LogScheduleUnusable(Exception failure, TimeSpan wait);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} demo points were rejected, the first is point {Index} of batch {Sequence} ({Reason}): {Detail}")]
    private partial void LogRejected(int count, ulong sequence, uint index, RejectionReason reason, string detail);
}
