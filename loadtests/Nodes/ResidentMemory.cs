using Microsoft.Diagnostics.NETCore.Client;
using Monitoring.Centres;
using Monitoring.Measuring;

namespace Monitoring.Nodes;

/// <summary>Memory of the process that hosts the actors, without garbage.</summary>
/// <param name="RssBytes">Resident set.</param>
/// <param name="HeapBytes">Managed objects alone.</param>
/// <param name="NodesActive">Nodes with their state in memory, as the process itself counts them.</param>
internal sealed record ResidentMemory(long RssBytes, long HeapBytes, long NodesActive)
{
    private const int Collections = 4;
    private const int BufferMebibytes = 4;

    // Microsoft-Windows-DotNETRuntime: a session with this keyword begins with a full blocking collection.
    private const string RuntimeProvider = "Microsoft-Windows-DotNETRuntime";
    private const long CollectKeyword = 0x800000;

    // What a collection freed is given back to the system little by little.
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(2);

    /// <summary>Collects garbage and reads it.</summary>
    public static async Task<ResidentMemory> ReadAsync(MeasuredCentre centre, CancellationToken cancellationToken)
    {
        var client = new DiagnosticsClient(centre.ActorHostId);
        for (var number = 0; number < Collections; number++)
        {
            await CollectAsync(client, cancellationToken);
            await Task.Delay(_pause, cancellationToken);
        }

        var metrics = await centre.MetricsAsync(cancellationToken);
        return new ResidentMemory(
            ProcessUsage.ResidentBytesOf(centre.ActorHostId),
            (long)metrics.Sum("dotnet_total_memory_bytes"),
            (long)metrics.Sum("monitoring_nodes_active"));
    }

    private static async Task CollectAsync(DiagnosticsClient client, CancellationToken cancellationToken)
    {
        var provider = new EventPipeProvider(RuntimeProvider, System.Diagnostics.Tracing.EventLevel.Informational, CollectKeyword);
        using var session = await client.StartEventPipeSessionAsync(provider, requestRundown: false, BufferMebibytes, cancellationToken);
        var draining = session.EventStream.CopyToAsync(Stream.Null, cancellationToken);
        await session.StopAsync(cancellationToken);
        await draining;
    }
}
