using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Monitoring.Sources;

/// <summary>Registers sources.</summary>
public static class SourceServiceCollectionExtensions
{
    /// <summary>Adds what source actors need beside the grain storage provider <c>definitions</c>.</summary>
    public static IServiceCollection AddSources(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<SourceOptions>, SourceOptionsValidator>();
        services.AddOptions<SourceOptions>().BindConfiguration(SourceOptions.SectionName).ValidateOnStart();
        return services;
    }
}
