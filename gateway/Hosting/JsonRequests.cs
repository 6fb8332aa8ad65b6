using System.Text.Json;
using Google.Protobuf.Reflection;
using Grpc.AspNetCore.Server;
using Grpc.Core;

namespace Monitoring.Gateway.Hosting;

/// <summary>Says where a request stops being JSON, because transcoding says only that it does.</summary>
internal static class JsonRequests
{
    // Most of it is in memory; a larger dictionary goes by way of a temporary file.
    private const int BufferBytes = 1_048_576;

    /// <summary>Lets requests pass that have no body, or one of JSON.</summary>
    public static async Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        if (HttpMethods.IsPost(context.Request.Method) && context.Request.HasJsonContentType())
        {
            context.Request.EnableBuffering(BufferBytes);
            if (await FindMistakeAsync(context) is { } mistake)
            {
                context.Response.StatusCode = StatusCodes.Status400BadRequest;
                await RestErrors.WriteAsync(context, StatusCode.InvalidArgument, mistake);
                return;
            }

            context.Request.Body.Position = 0;
        }

        await next(context);
    }

    /// <summary>What the body of a call is; every method that has one takes the whole of it as its request.</summary>
    private static MessageDescriptor? MessageOf(HttpContext context)
    {
        var called = context.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method;
        return OpenApiDocument.Services.FirstOrDefault(service => service.FullName == called?.ServiceName)?.FindMethodByName(called!.Name)?.InputType;
    }

    private static async Task<string?> FindMistakeAsync(HttpContext context)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(context.Request.Body, default, context.RequestAborted);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return "the request is JSON but no object; expected for example {\"yaml\": \"…\"}, see /docs";
            }

            return MessageOf(context) is { } message && JsonShape.FindMistake(document.RootElement, message) is { } mistake
                ? $"{mistake}; see /docs"
                : null;
        }
        catch (JsonException malformed)
        {
            return "the request is not JSON in UTF-8: it cannot be read beyond "
                + $"line {malformed.LineNumber + 1}, byte {malformed.BytePositionInLine + 1}; "
                + "expected for example {\"yaml\": \"…\"}, see /docs";
        }
    }
}
