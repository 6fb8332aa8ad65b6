using Microsoft.Extensions.Options;

namespace Monitoring.Gateway.Alerts;

internal static class AlertsRegistration
{
    /// <summary>Adds live and stored alerts.</summary>
    public static IServiceCollection AddAlerts(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<AlertFeedOptions>, AlertFeedOptionsValidator>();
        services.AddOptions<AlertFeedOptions>().BindConfiguration(AlertFeedOptions.SectionName).ValidateOnStart();
        services.AddSingleton<AlertMetrics>();
        services.AddSingleton<AlertFeeds>();
        return services;
    }
}
