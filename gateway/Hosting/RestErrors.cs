using Grpc.Core;
using Microsoft.AspNetCore.Diagnostics;

namespace Monitoring.Gateway.Hosting;

/// <summary>Answers of REST that no method gives, in the shape of those that methods give.</summary>
internal static class RestErrors
{
    /// <summary>Where REST begins.</summary>
    public const string Root = "/v1";

    /// <summary>Gives an answer without a body one that says what is wrong.</summary>
    public static Task WriteAsync(StatusCodeContext context)
    {
        var request = context.HttpContext.Request;
        var called = $"{request.Method} {request.PathBase}{request.Path}";
        return context.HttpContext.Response.StatusCode == StatusCodes.Status404NotFound
            ? WriteAsync(
                context.HttpContext,
                StatusCode.NotFound,
                $"there is no method {called}; every one is listed at /docs and /openapi/v1.json")
            : WriteAsync(context.HttpContext, StatusCode.Unknown, $"{called} ended with status {context.HttpContext.Response.StatusCode}");
    }

    /// <summary>Writes an error; the status of the response is set already.</summary>
    public static Task WriteAsync(HttpContext context, StatusCode code, string message) => context.Response.WriteAsJsonAsync(
        new { code = (int)code, message, details = Array.Empty<object>() }, context.RequestAborted);
}
