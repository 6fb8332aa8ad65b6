using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Monitoring.Chaos.Processes;

namespace Monitoring.Nodes;

/// <summary>What an actor costs that does nothing, in a silo within this process: what of a node's cost is the runtime's.</summary>
/// <param name="Bytes">Managed memory of one.</param>
/// <param name="PerSecond">How many are activated in a second.</param>
internal sealed record EmptyActivations(double Bytes, double PerSecond)
{
    private const int CallsAtOnce = 256;
    private const int WarmupGrains = 2_000;

    /// <summary>Activates some and measures them.</summary>
    public static async Task<EmptyActivations> MeasureAsync(int grains, CancellationToken cancellationToken)
    {
        var ports = FreePorts.Take(2);
        using var host = new HostBuilder()
            .ConfigureLogging(logging => logging.ClearProviders())
            .UseOrleans(silo => silo.UseLocalhostClustering(ports[0], ports[1]))
            .Build();
        await host.StartAsync(cancellationToken);
        var factory = host.Services.GetRequiredService<IGrainFactory>();
        await TouchAsync(factory, 0, WarmupGrains);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var began = Stopwatch.GetTimestamp();
        await TouchAsync(factory, WarmupGrains, grains);
        var elapsed = Stopwatch.GetElapsedTime(began);
        var after = GC.GetTotalMemory(forceFullCollection: true);
        await host.StopAsync(cancellationToken);
        return new EmptyActivations(Math.Round((double)(after - before) / grains), Math.Round(grains / elapsed.TotalSeconds));
    }

    private static async Task TouchAsync(IGrainFactory factory, int first, int count)
    {
        foreach (var keys in Enumerable.Range(first, count).Chunk(CallsAtOnce))
        {
            await Task.WhenAll(keys.Select(key => factory.GetGrain<IEmptyGrain>(key).TouchAsync()));
        }
    }
}
