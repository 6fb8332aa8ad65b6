using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Monitoring.Hosting;

/// <summary>The body of the answer about readiness: one word, and a line for every part that is not healthy.</summary>
public static class ReadinessText
{
    /// <summary>Writes it.</summary>
    public static Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(Of(report), context.RequestAborted);
    }

    private static string Of(HealthReport report) => string.Join(
        '\n',
        report.Entries
            .Where(part => part.Value.Status != HealthStatus.Healthy)
            .Select(part => $"{part.Key}: {part.Value.Description ?? "It failed without a description."}")
            .Prepend(report.Status.ToString()));
}
