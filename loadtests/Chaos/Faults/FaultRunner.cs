using System.Collections.Immutable;
using System.Diagnostics;
using Monitoring.Chaos.Processes;

namespace Monitoring.Chaos.Faults;

/// <summary>
/// Does to the centre what was planned, each fault at its time or, where starting takes longer than planned, as soon as the processes of
/// its role have been well for a while.
/// </summary>
/// <param name="centre">What it is done to.</param>
/// <param name="plan">What is planned.</param>
/// <param name="duration">Whatever could not begin by then is left out.</param>
/// <param name="tell">Is told what is done.</param>
internal sealed class FaultRunner(Centre centre, ImmutableArray<Fault> plan, TimeSpan duration, Action<string> tell) : IDisposable
{
    private readonly Dictionary<ProcessRole, SemaphoreSlim> _turns =
        Enum.GetValues<ProcessRole>().ToDictionary(role => role, _ => new SemaphoreSlim(1));
    private readonly List<FaultRecord> _records = [];

    /// <summary>What was done so far.</summary>
    public IReadOnlyList<FaultRecord> Records
    {
        get
        {
            lock (_records)
            {
                return [.. _records];
            }
        }
    }

    /// <summary>Runs the plan and waits until all is well again.</summary>
    /// <param name="began">Timestamp that the plan's times count from.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task RunAsync(long began, CancellationToken cancellationToken)
    {
        var running = new List<Task>();
        foreach (var fault in plan)
        {
            var early = fault.At - Stopwatch.GetElapsedTime(began);
            if (early > TimeSpan.Zero)
            {
                await Task.Delay(early, TimeProvider.System, cancellationToken);
            }

            running.Add(RunAsync(fault, began, cancellationToken));
        }

        await Task.WhenAll(running);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var turn in _turns.Values)
        {
            turn.Dispose();
        }
    }

    private async Task RunAsync(Fault fault, long loadBegan, CancellationToken cancellationToken)
    {
        var roles = FaultPlan.RolesOf(fault.Kind);
        foreach (var role in roles)
        {
            await _turns[role].WaitAsync(cancellationToken);
        }

        try
        {
            if (Stopwatch.GetElapsedTime(loadBegan) > duration)
            {
                tell($"left out {fault.Kind}: there was no time for it");
                return;
            }

            var began = Stopwatch.GetTimestamp();
            await DoAsync(fault, cancellationToken);
            lock (_records)
            {
                _records.Add(new FaultRecord(fault, began, Stopwatch.GetTimestamp()));
            }

            await Task.Delay(FaultPlan.Recovery, TimeProvider.System, cancellationToken);
        }
        finally
        {
            foreach (var role in roles)
            {
                _turns[role].Release();
            }
        }
    }

    private async Task DoAsync(Fault fault, CancellationToken cancellationToken)
    {
        if (fault.Kind == FaultKind.RollingRestart)
        {
            foreach (var next in centre.Processes.Where(process => process.Role != ProcessRole.Database))
            {
                tell($"restarting {next.Name}");
                await next.StopAsync(cancellationToken);
                await next.StartAsync(cancellationToken);
            }

            return;
        }

        var process = centre.Of(FaultPlan.RolesOf(fault.Kind)[0])[fault.Target];
        tell($"{fault.Kind} {process.Name} for {fault.Length.TotalSeconds:F1} s");
        if (fault.Kind is FaultKind.PauseGateway or FaultKind.PauseSilo or FaultKind.PauseDatabase)
        {
            process.Pause();
            await Task.Delay(fault.Length, TimeProvider.System, cancellationToken);
            process.Resume();
            await process.StartAsync(cancellationToken); // Whoever was given up meanwhile may have ended itself.
        }
        else if (fault.Kind is FaultKind.CutSilo or FaultKind.IsolateSilo)
        {
            await CutAsync(fault.Kind, process.Name);
            await Task.Delay(fault.Length, TimeProvider.System, cancellationToken);
            await centre.Network!.HealAsync(process.Name);
            await process.StartAsync(cancellationToken);
        }
        else
        {
            await process.KillAsync();
            await Task.Delay(fault.Length, TimeProvider.System, cancellationToken);
            await process.StartAsync(cancellationToken);
        }
    }

    private Task CutAsync(FaultKind kind, string silo) => kind == FaultKind.IsolateSilo
        ? centre.Network!.IsolateAsync(silo)
        : centre.Network!.CutAsync(
            silo, centre.Processes.Where(other => other.Role != ProcessRole.Database && other.Name != silo).Select(other => other.Name));
}
