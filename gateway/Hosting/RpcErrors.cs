using System.Data.Common;
using Grpc.Core;
using Monitoring.Partitions;

namespace Monitoring.Gateway.Hosting;

/// <summary>The one place where exceptions become gRPC statuses.</summary>
internal static class RpcErrors
{
    /// <summary>A request that its sender has to change.</summary>
    public static RpcException Invalid(string message) => new(new Status(StatusCode.InvalidArgument, message));

    /// <summary>Something that does not exist.</summary>
    public static RpcException NotFound(string message) => new(new Status(StatusCode.NotFound, message));

    /// <summary>The status that tells a client what it can do about an exception.</summary>
    /// <param name="exception">What went wrong.</param>
    /// <param name="isStopping">True while the gateway goes away, which then is the reason for a cancellation.</param>
    public static RpcException ToRpcException(Exception exception, bool isStopping) => exception switch
    {
        RpcException rpc => rpc,
        // Until a gateway met its cluster it knows no actors, and Orleans blames whoever names one.
        ArgumentException { Source: "Orleans.Core" } => Status(StatusCode.Unavailable, "The cluster cannot answer now; try again."),
        ArgumentException invalid => Invalid(MessageOf(invalid)),
        OperationCanceledException when isStopping => Status(StatusCode.Unavailable, "The gateway is going away; reconnect."),
        OperationCanceledException => Status(StatusCode.Cancelled, "The call was cancelled."),
        TimeoutException => Status(StatusCode.DeadlineExceeded, "The cluster did not answer in time."),
        OrleansException or TryAgainException => Status(StatusCode.Unavailable, "The cluster cannot answer now; try again."),
        DbException => Status(StatusCode.Unavailable, "The storage cannot answer now; try again."),
        _ => Status(StatusCode.Internal, "An unexpected error occurred."),
    };

    // The framework appends the name of our parameter, which says nothing to a client.
    private static string MessageOf(ArgumentException exception)
    {
        var suffix = $" (Parameter '{exception.ParamName}')";
        return exception.Message.EndsWith(suffix, StringComparison.Ordinal) ? exception.Message[..^suffix.Length] : exception.Message;
    }

    private static RpcException Status(StatusCode code, string message) => new(new Status(code, message));
}
