using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Configuration;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Monitoring.Protocol.V1;

namespace Monitoring.Gateway.Demo;

/// <summary>Runs the demo once the gateway listens: first its dictionary, then its flights.</summary>
internal sealed partial class DemoService(
    DemoProducer producer,
    IServer server,
    IHostApplicationLifetime lifetime,
    ILogger<DemoService> logger) : BackgroundService
{
    // The gateway may listen a moment before its actors are there.
    private static readonly MethodConfig _dictionaryRetries = new()
    {
        Names = { new MethodName { Service = "monitoring.v1.Dictionary" } },
        RetryPolicy = new RetryPolicy
        {
            MaxAttempts = 5,
            InitialBackoff = TimeSpan.FromSeconds(0.5),
            MaxBackoff = TimeSpan.FromSeconds(5),
            BackoffMultiplier = 2,
            RetryableStatusCodes = { StatusCode.Unavailable },
        },
    };

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await ListeningAsync(stoppingToken);
            using var channel = GrpcChannel.ForAddress(
                GrpcAddress(), new GrpcChannelOptions { ServiceConfig = new ServiceConfig { MethodConfigs = { _dictionaryRetries } } });
            if (await HasDictionaryAsync(new Protocol.V1.Dictionary.DictionaryClient(channel), stoppingToken))
            {
                await producer.RunAsync(new Protocol.V1.Ingest.IngestClient(channel), stoppingToken);
            }
        }
        catch (Exception) when (stoppingToken.IsCancellationRequested)
        {
            // The program ends; whatever the stream broke with is a consequence.
        }
        catch (Exception failure)
        {
            // The edge of the demo: it may fail, the gateway goes on.
            LogFailed(failure);
        }
    }

    private async Task ListeningAsync(CancellationToken cancellationToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(cancellationToken);
    }

    /// <summary>The gateway listens on its gRPC endpoint last.</summary>
    private Uri GrpcAddress()
    {
        var address = new Uri(server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Last());
        return address.Host is "0.0.0.0" or "[::]" ? new UriBuilder(address) { Host = "127.0.0.1" }.Uri : address;
    }

    /// <summary>Applies the demo's dictionary where there is none yet; one that somebody changed since stays as it is.</summary>
    private async Task<bool> HasDictionaryAsync(Protocol.V1.Dictionary.DictionaryClient client, CancellationToken cancellationToken)
    {
        var present = await client.ListAsync(new ListDefinitionsRequest(), cancellationToken: cancellationToken);
        if (FlightPoints.Indicators.All(code => present.Indicators.Any(definition => definition.Code == code)))
        {
            return true;
        }

        if (present.Indicators.Count > 0)
        {
            LogOtherDictionary(present.Version);
            return false;
        }

        var request = new ApplyDictionaryRequest { Yaml = await ReadDictionaryAsync(cancellationToken), FileName = "demo/dictionary.yaml" };
        var applied = await client.ApplyAsync(request, cancellationToken: cancellationToken);
        foreach (var mistake in applied.Mistakes)
        {
            LogMistake(mistake.File, mistake.Line, mistake.Field, mistake.Message);
        }

        return applied.Applied;
    }

    private static async Task<string> ReadDictionaryAsync(CancellationToken cancellationToken)
    {
        using var stream = typeof(DemoService).Assembly.GetManifestResourceStream("demo.dictionary.yaml")
            ?? throw new InvalidOperationException("The demo's dictionary is not part of this build.");
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(cancellationToken);
    }
}
