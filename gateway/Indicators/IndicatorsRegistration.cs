using Microsoft.Extensions.Options;
using Monitoring.History;

namespace Monitoring.Gateway.Indicators;

internal static class IndicatorsRegistration
{
    /// <summary>Adds reading and watching of indicators.</summary>
    public static IServiceCollection AddIndicatorQueries(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<IndicatorQueryOptions>, IndicatorQueryOptionsValidator>();
        services.AddOptions<IndicatorQueryOptions>().BindConfiguration(IndicatorQueryOptions.SectionName).ValidateOnStart();
        services.AddOptions<HistoryOptions>().BindConfiguration(HistoryOptions.SectionName);
        services.AddSingleton<NodeReader>();
        services.AddSingleton<PeriodComparer>();
        services.AddSingleton<LiveNodes>();
        return services;
    }
}
