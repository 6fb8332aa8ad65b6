using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Monitoring.Gateway.Hosting;

/// <summary>Lets every exception leave a service as a status, and logs those that nobody expected.</summary>
internal sealed partial class ErrorInterceptor(IHostApplicationLifetime lifetime, ILogger<ErrorInterceptor> logger) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (Exception exception)
        {
            // The edge of the process: whatever comes out of a service has to become a status.
            throw Translate(exception, context);
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(request, responseStream, context);
        }
        catch (Exception exception)
        {
            throw Translate(exception, context);
        }
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(requestStream, responseStream, context);
        }
        catch (Exception exception)
        {
            throw Translate(exception, context);
        }
    }

    private RpcException Translate(Exception exception, ServerCallContext context)
    {
        // A client that went away shows as an IOException or an aborted request, depending on what was under way.
        var cause = context.CancellationToken.IsCancellationRequested && exception is not RpcException
            ? new OperationCanceledException(exception.Message, exception)
            : exception;
        var translated = RpcErrors.ToRpcException(cause, lifetime.ApplicationStopping.IsCancellationRequested);
        if (translated.StatusCode == StatusCode.Internal && !ReferenceEquals(translated, exception))
        {
            LogFailed(context.Method, exception);
        }

        return translated;
    }
}
