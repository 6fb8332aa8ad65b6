using Monitoring.Partitions;

namespace Monitoring.Recovery;

/// <summary>The activations of a simulated cluster's partitions, from their start to whatever end a test gives them.</summary>
internal sealed class PartitionLives(SimulatedCluster cluster) : IPumpObserver
{
    private readonly Dictionary<int, Host> _hosts = [];
    private readonly Dictionary<int, Task<Host>> _starting = [];
    private readonly HashSet<(int Partition, long Epoch)> _dead = [];

    /// <summary>Whether a partition ends at a step, and how.</summary>
    public Func<int, PumpStep, Crash?> Dies { get; set; } = (_, _) => null;

    /// <summary>Looks on when a step is reached.</summary>
    public Action<int, PumpStep> Observed { get; set; } = (_, _) => { };

    /// <summary>Loads partitions.</summary>
    public PartitionActivationFactory Factory { private get; set; } = null!;

    /// <summary>True when some partition has an activation, or is about to have one.</summary>
    public bool AreRunning => _hosts.Count + _starting.Count > 0;

    void IPumpObserver.Reached(int partition, long epoch, PumpStep step)
    {
        if (_dead.Contains((partition, epoch)))
        {
            throw new PartitionTakenOverException(partition, 0);
        }

        if (IsAsleep(partition, epoch))
        {
            return;
        }

        Observed(partition, step);
        if (Dies(partition, step) is { } crash)
        {
            End(partition, epoch, crash);
            if (crash != Crash.Sleeps)
            {
                throw new PartitionTakenOverException(partition, 0);
            }
        }
    }

    /// <summary>The process of a partition crashes, if it has one.</summary>
    public void Kill(int partition, Crash crash)
    {
        if (_hosts.TryGetValue(partition, out var host))
        {
            End(partition, host.Activation.Epoch, crash);
        }
    }

    /// <summary>A partition finds out that it cannot go on, and ends in its own time.</summary>
    public void Fail(int partition, Exception reason)
    {
        if (_hosts.TryGetValue(partition, out var host) && !host.HasFailed)
        {
            host.HasFailed = true;
            host.Activation.Close(reason);
            Remove(partition, host);
        }
    }

    /// <summary>Another activation is about to take over, while the first one goes on and writes as before.</summary>
    public void Forget(int partition) => _hosts.Remove(partition);

    /// <summary>Closes a partition as a silo does that stops in order.</summary>
    public async Task CloseAsync(int partition)
    {
        if (!_hosts.TryGetValue(partition, out var host) || host.HasFailed)
        {
            return;
        }

        try
        {
            await host.Activation.CloseGracefullyAsync(CancellationToken.None);
        }
        catch (Exception)
        {
            // What is not stored is replayed.
        }

        host.Activation.Close(new PartitionClosedException(partition));
        _dead.Add((partition, host.Activation.Epoch));
        await Task.WhenAny(host.Activation.BackgroundWrites);
        Remove(partition, host);
    }

    /// <summary>The activation of a partition, which is started when there is none.</summary>
    public async Task<PartitionActivation> ActivationAsync(int partition)
    {
        if (_hosts.TryGetValue(partition, out var running))
        {
            return running.Activation;
        }

        if (!_starting.TryGetValue(partition, out var starting))
        {
            _starting[partition] = starting = StartAsync(partition);
        }

        try
        {
            return (await starting).Activation;
        }
        finally
        {
            if (_starting.GetValueOrDefault(partition) == starting)
            {
                _starting.Remove(partition);
            }
        }
    }

    private async Task<Host> StartAsync(int partition)
    {
        var host = new Host();
        host.Activation = await Factory.LoadAsync(partition, reason => StepDown(partition, host, reason), CancellationToken.None, CancellationToken.None);
        _hosts[partition] = host;
        host.Activation.Start();
        return host;
    }

    private void End(int partition, long epoch, Crash crash)
    {
        cluster.Store.OnCrash(partition, epoch, crash);
        var host = _hosts.GetValueOrDefault(partition);
        if (crash == Crash.Sleeps)
        {
            if (host?.Activation.Epoch == epoch)
            {
                Forget(partition);
            }

            return;
        }

        _dead.Add((partition, epoch));
        if (host?.Activation.Epoch == epoch)
        {
            StepDown(partition, host, new PartitionTakenOverException(partition, 0));
        }

        // Actors of nodes die with it, or they stay behind and remember what nobody asks for any more.
        if (cluster.Random.Next(2) == 0)
        {
            cluster.Memory.LoseNodesOf(partition);
        }
    }

    private bool IsAsleep(int partition, long epoch) => cluster.Store.CrashOf(partition, epoch) == Crash.Sleeps;

    private void StepDown(int partition, Host host, Exception reason)
    {
        if (host.HasFailed)
        {
            return;
        }

        host.HasFailed = true;
        host.Activation.Close(reason);
        _dead.Add((partition, host.Activation.Epoch));
        Remove(partition, host);
    }

    private void Remove(int partition, Host host)
    {
        if (_hosts.GetValueOrDefault(partition) == host)
        {
            _hosts.Remove(partition);
        }
    }

    private sealed class Host
    {
        public PartitionActivation Activation { get; set; } = null!;

        public bool HasFailed { get; set; }
    }
}
