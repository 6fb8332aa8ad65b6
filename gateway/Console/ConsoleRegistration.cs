using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Monitoring.Gateway.Console.Alerts;
using Monitoring.Gateway.Console.Indicators;
using Monitoring.Gateway.Console.Shell;
using Monitoring.Gateway.Hosting;
using MudBlazor.Services;

namespace Monitoring.Gateway.Console;

/// <summary>Puts the web console into the gateway.</summary>
internal static class ConsoleRegistration
{
    /// <summary>Registers the console; what it reads (dictionary, nodes, alerts, grains) is registered elsewhere.</summary>
    public static WebApplicationBuilder AddConsole(this WebApplicationBuilder builder)
    {
        // Outside the Development environment a program that runs from its build folder finds the packages' scripts and styles only
        // by the manifest this loads; a published one has them in wwwroot and no such manifest.
        builder.WebHost.UseStaticWebAssets();
        builder.Services.AddSingleton<IValidateOptions<ConsoleOptions>, ConsoleOptionsValidator>();
        builder.Services.AddOptions<ConsoleOptions>().BindConfiguration(ConsoleOptions.SectionName).ValidateOnStart();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<IConsoleData, ConsoleData>();
        builder.Services.AddSingleton<AlertBoard>();
        builder.Services.AddHostedService(services => services.GetRequiredService<AlertBoard>());
        builder.Services.AddSingleton<Sparklines>();
        builder.Services.AddSingleton<NodeCensus>();
        builder.Services.AddMudServices();
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        return builder;
    }

    /// <summary>Maps the console's pages and files.</summary>
    public static WebApplication MapConsole(this WebApplication app)
    {
        // In front of what the page itself needs, because it is run through once more.
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        app.Use(KeepPagesForVisitors);
        app.UseAntiforgery();
        app.MapStaticAssets();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
        return app;
    }

    // Not a branch of its own for visitors: what runs in a branch finds no endpoints.
    private static Task KeepPagesForVisitors(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<IStatusCodePagesFeature>() is { } pages)
        {
            pages.Enabled = IsVisitor(context);
        }

        return next(context);
    }

    /// <summary>True for a person at a browser; programs get what they ask for, and nothing to look at.</summary>
    private static bool IsVisitor(HttpContext context) =>
        (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
        && !context.Request.Path.StartsWithSegments(RestErrors.Root, StringComparison.OrdinalIgnoreCase)
        && !context.Request.Path.StartsWithSegments("/metrics", StringComparison.OrdinalIgnoreCase)
        && !context.Request.Path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase)
        && context.Request.Headers.Accept.Any(accept => accept?.Contains("text/html", StringComparison.OrdinalIgnoreCase) == true);
}
