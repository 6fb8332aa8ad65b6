using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Monitoring.Gateway.Alerts;
using Monitoring.Gateway.Dictionary;
using Monitoring.Gateway.Indicators;
using Monitoring.Gateway.Ingest;
using Monitoring.Hosting;
using Prometheus;
using Scalar.AspNetCore;

namespace Monitoring.Gateway.Hosting;

internal static class GatewayRegistration
{
    private const string ReadyTag = "ready";
    private static readonly TimeSpan HealthDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan HealthPeriod = TimeSpan.FromSeconds(5);

    /// <summary>Adds the services of the gateway; the host brings <see cref="IGrainFactory"/> and the map of partitions.</summary>
    public static IHostApplicationBuilder AddGateway(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IValidateOptions<GatewayOptions>, GatewayOptionsValidator>();
        services.AddSingleton<IValidateOptions<GatewayOptions>, GatewayOptionsRules>();
        services.AddOptions<GatewayOptions>().BindConfiguration(GatewayOptions.SectionName).ValidateOnStart();
        services.AddSingleton<IConfigureOptions<KestrelServerOptions>, KestrelEndpoints>();
        services.AddSingleton<WatcherMetrics>();
        services.AddDictionary().AddIngest().AddAlerts().AddIndicatorQueries();
        AddGrpc(services);
        AddHealth(services);
        services.AddSingleton<OpenApiDocument>();

        // The endpoints of the hosting metrics would double those of .NET; ours and those of the process remain.
        Metrics.SuppressDefaultMetrics(new SuppressDefaultMetricOptions { SuppressEventCounters = true, SuppressMeters = true });
        return builder;
    }

    /// <summary>Maps everything the gateway answers, save the console.</summary>
    public static WebApplication MapGateway(this WebApplication app)
    {
        // Made now, so that every family is there from the first scrape on.
        app.Services.GetRequiredService<IngestMetrics>();
        app.Services.GetRequiredService<AlertMetrics>();
        app.Services.GetRequiredService<WatcherMetrics>();
        app.UseWhen(
            context => context.Request.Path.StartsWithSegments(RestErrors.Root, StringComparison.OrdinalIgnoreCase),
            rest => rest.UseStatusCodePages(RestErrors.WriteAsync).Use(JsonRequests.CheckAsync));
        app.MapGrpcService<IngestService>();
        app.MapGrpcService<AlertsService>();
        app.MapGrpcService<IndicatorsService>();
        app.MapGrpcService<DictionaryService>();
        app.MapGrpcReflectionService();
        app.MapGrpcHealthChecksService();
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks("/health/ready", new HealthCheckOptions
        {
            Predicate = check => check.Tags.Contains(ReadyTag),
            ResponseWriter = ReadinessText.WriteAsync,
        });
        app.MapMetrics("/metrics");
        app.MapGet("/openapi/v1.json", (OpenApiDocument document) => Results.Text(document.Json, "application/json"));
        app.MapScalarApiReference("/docs", ConfigureDocs);
        return app;
    }

    private static void AddGrpc(IServiceCollection services)
    {
        services.AddGrpc(options => options.Interceptors.Add<ErrorInterceptor>()).AddJsonTranscoding();
        services.AddOptions<GrpcServiceOptions>().Configure<IOptions<GatewayOptions>>(
            (grpc, gateway) => grpc.MaxReceiveMessageSize = gateway.ValidOrDefault().MaxReceiveMessageBytes);
        services.AddGrpcReflection();
    }

    private static void AddHealth(IServiceCollection services)
    {
        services.AddHealthChecks().AddCheck<ReadinessCheck>("cluster", tags: [ReadyTag]);
        services.AddGrpcHealthChecks();
        services.Configure<HealthCheckPublisherOptions>(publisher =>
        {
            publisher.Delay = HealthDelay;
            publisher.Period = HealthPeriod;
        });
    }

    // Works without a connection to anywhere: no fonts, telemetry or services from elsewhere.
    private static void ConfigureDocs(ScalarOptions options)
    {
        options.Title = "Monitoring REST API";
        options.OpenApiRoutePattern = "/openapi/v1.json";
        options.DefaultFonts = false;
        options.Telemetry = false;
        options.HideClientButton = true;
        options.ShowDeveloperTools = DeveloperToolsVisibility.Never;
        options.Agent = new ScalarAgentOptions { Disabled = true };
        options.Mcp = new ScalarMcpOptions { Disabled = true };
    }
}
