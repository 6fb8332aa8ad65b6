using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using Monitoring.Hosting;
using Monitoring.Storage;

namespace Monitoring.Gateway.Hosting;

internal static partial class GatewayRun
{
    /// <summary>
    /// Runs until the process is told to stop. What an operator has to mend, a taken port or a wrong option, is one line and no stack.
    /// </summary>
    /// <returns>Exit code: 0 after a clean stop, 1 when it could not start.</returns>
    public static async Task<int> RunGatewayAsync(this WebApplication app)
    {
        await using var _ = app;
        if (FindMistake(app) is { } mistake)
        {
            await System.Console.Error.WriteLineAsync(mistake);
            return 1;
        }

        WarnOfUnknownOptions(app);
        try
        {
            await app.StartAsync();
        }
        catch (StorageException refusal)
        {
            await System.Console.Error.WriteLineAsync($"Not started: {refusal.Message}");
            return 1;
        }
        catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return 0; // Told to stop while it waited for its cluster.
        }

        Announce(app);
        await app.WaitForShutdownAsync();
        return Environment.ExitCode; // Not 0 when it stopped because it does not fit its cluster.
    }

    private static string? FindMistake(WebApplication app)
    {
        if (StartCheck.FindWrongOption(app.Services, app.Configuration) is { } wrong)
        {
            return wrong;
        }

        // Asked before anything starts, so that a second gateway by mistake does not touch the data of the first.
        var options = app.Services.GetRequiredService<IOptions<GatewayOptions>>().Value;
        var address = IPAddress.Parse(options.Address);
        return StartCheck.FindTaken(address, options.WebPort, GatewayOptions.SectionName, nameof(options.WebPort))
            ?? StartCheck.FindTaken(address, options.GrpcPort, GatewayOptions.SectionName, nameof(options.GrpcPort));
    }

    private static void WarnOfUnknownOptions(WebApplication app)
    {
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Monitoring.Gateway");
        foreach (var option in OptionNames.FindUnknown(app.Configuration, typeof(GatewayRun).Assembly))
        {
            LogUnknownOption(logger, option);
        }
    }

    private static void Announce(WebApplication app)
    {
        // Endpoints are bound, and hence listed, in the order in which they were configured: web first, then gRPC.
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToArray();
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Monitoring.Gateway");
        LogReady(logger, addresses[0], addresses[0] + "/docs", addresses[1]);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Console: {Console}  REST: {Docs}  gRPC: {Grpc} (plaintext HTTP/2)")]
    private static partial void LogReady(ILogger logger, string console, string docs, string grpc);

    [LoggerMessage(Level = LogLevel.Warning, Message = "There is no option {Option}; it has no effect")]
    private static partial void LogUnknownOption(ILogger logger, string option);
}
