using Microsoft.Extensions.Options;

namespace Monitoring.Gateway.Ingest;

internal static class IngestRegistration
{
    /// <summary>Adds what takes points from sources.</summary>
    public static IServiceCollection AddIngest(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<IngestOptions>, IngestOptionsValidator>();
        services.AddSingleton<IValidateOptions<IngestOptions>, IngestOptionsRules>();
        services.AddOptions<IngestOptions>().BindConfiguration(IngestOptions.SectionName).ValidateOnStart();
        services.AddSingleton<IngestMetrics>();
        services.AddSingleton<IngestStreams>();
        services.AddSingleton<SourceBudgets>();
        services.AddSingleton<IngestServices>();
        services.AddSingleton<LateReader>();
        return services;
    }
}
