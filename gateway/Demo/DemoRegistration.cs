using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Monitoring.Gateway.Demo;

/// <summary>Adds the demo to the gateway.</summary>
internal static class DemoRegistration
{
    /// <summary>Adds the demo when the configuration wants it; see <see cref="DemoCommandLine"/>.</summary>
    public static IHostApplicationBuilder AddDemo(this IHostApplicationBuilder builder)
    {
        if (!builder.Configuration.GetValue<bool>($"{DemoOptions.SectionName}:{nameof(DemoOptions.Enabled)}"))
        {
            return builder;
        }

        builder.Services.AddSingleton<IValidateOptions<DemoOptions>, DemoOptionsValidator>();
        builder.Services.AddOptions<DemoOptions>().BindConfiguration(DemoOptions.SectionName).ValidateOnStart();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(_ => FlightData.Load());
        builder.Services.AddSingleton(services => new DemoScheduleFile(
            Path.Combine(services.GetRequiredService<IConfiguration>().GetValue("Storage:DataFolder", "./data")!, "demo-schedule.json")));
        builder.Services.AddSingleton<DemoProducer>();
        builder.Services.AddHostedService<DemoService>();
        return builder;
    }
}
