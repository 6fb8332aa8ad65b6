using System.Collections.Immutable;
using Monitoring.Chaos.Faults;
using Monitoring.Chaos.Network;

namespace Monitoring.Chaos.Processes;

/// <summary>All processes of the system under test. Whoever falls without being told to is started again, as an orchestrator would.</summary>
internal sealed class Centre : IAsyncDisposable
{
    private static readonly TimeSpan _lookInterval = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _ending = new();
    private readonly Action<string> _tell;
    private Task _supervising = Task.CompletedTask;
    private int _fallen;

    private Centre(CentreLayout layout, Action<string> tell)
    {
        Processes = layout.Processes;
        Gateways = layout.Gateways;
        Network = layout.Network;
        _tell = tell;
    }

    /// <summary>All of them: database, silos, gateways, in the order in which they start.</summary>
    public ImmutableArray<ICentreProcess> Processes { get; }

    /// <summary>Where the gateways take gRPC.</summary>
    public ImmutableArray<GatewayEndpoint> Gateways { get; }

    /// <summary>What joins them; null when that is the loopback address, which cannot be cut.</summary>
    public CutNetwork? Network { get; }

    /// <summary>Times a process ended that nobody had ended.</summary>
    public int Fallen => _fallen;

    /// <summary>The processes of a role.</summary>
    public ImmutableArray<ICentreProcess> Of(ProcessRole role) => [.. Processes.Where(process => process.Role == role)];

    /// <summary>Starts a centre on empty storage and waits until it is ready.</summary>
    public static async Task<Centre> StartAsync(CentreRequest request, Action<string> tell, CancellationToken cancellationToken)
    {
        var centre = new Centre(await CentreLayout.CreateAsync(request), tell);
        try
        {
            foreach (var process in centre.Processes)
            {
                await process.StartAsync(cancellationToken);
            }

            centre._supervising = centre.SuperviseAsync(centre._ending.Token);
            return centre;
        }
        catch
        {
            await centre.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _supervising;
        foreach (var process in Processes.Reverse())
        {
            await process.DisposeAsync();
        }

        if (Network is not null)
        {
            await Network.DisposeAsync();
        }

        _ending.Dispose();
    }

    private async Task SuperviseAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var timer = new PeriodicTimer(_lookInterval);
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                foreach (var process in Processes.Where(process => process.HasFallen))
                {
                    _tell($"{process.Name} ended by itself");
                    Interlocked.Increment(ref _fallen);
                    await process.StartAsync(cancellationToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }
}
