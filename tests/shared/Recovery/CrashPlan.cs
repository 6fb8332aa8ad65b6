using Monitoring.Partitions;

namespace Monitoring.Recovery;

/// <summary>A step by its name, since the step itself is known to the engine only.</summary>
public sealed record PumpStepName(string Name)
{
    /// <summary>All steps there are.</summary>
    public static IEnumerable<PumpStepName> All => Enum.GetNames<PumpStep>().Select(step => new PumpStepName(step));

    internal PumpStep Step => Enum.Parse<PumpStep>(Name);

    public override string ToString() => Name;
}

/// <summary>Who crashes when a partition comes to a step.</summary>
public enum CrashRole
{
    /// <summary>The partition itself.</summary>
    Sender,

    /// <summary>All others, and the departments: whoever it may be sending to.</summary>
    Receivers,

    /// <summary>The partition and all others.</summary>
    Both,
}

/// <summary>A run in which somebody crashes whenever the partitions have come to a step so many times.</summary>
internal static class CrashPlan
{
    /// <summary>Plays a run and checks what it left.</summary>
    /// <param name="step">Where the crashes are.</param>
    /// <param name="role">Who crashes.</param>
    /// <param name="crashes">At which times that the step is reached, counted over all partitions, and how.</param>
    /// <param name="batches">Batches of each source.</param>
    /// <param name="stores">Where everything is stored.</param>
    public static void Play(PumpStep step, CrashRole role, IReadOnlyDictionary<int, Crash> crashes, int batches, ClusterStores? stores = null)
    {
        var run = default(SimulatedRun)!;
        run = new SimulatedRun(((int)step * 10) + (int)role, stores)
        {
            Accident = batch => AccidentAsync(run.Cluster, batch),
            BatchesOfSource = batches,
        };
        var reached = 0;
        run.Cluster.Lives.Dies = (partition, at) =>
            at == step && crashes.TryGetValue(++reached, out var crash) ? Begin(run.Cluster, partition, role, crash) : null;
        run.Play();

        Assert.True(reached >= crashes.Keys.Max(), $"{step} was reached {reached} times only.");
        if (step is PumpStep.Decided or PumpStep.Collected && role != CrashRole.Receivers && crashes.Values.Contains(Crash.Sleeps))
        {
            Assert.True(run.Cluster.Store.StaleWrites > 0, "Nobody woke and wrote.");
        }

        run.Check();
    }

    private static Crash? Begin(SimulatedCluster cluster, int partition, CrashRole role, Crash crash)
    {
        if (role != CrashRole.Sender)
        {
            cluster.Memory.LoseDepartments();
            foreach (var other in Enumerable.Range(0, SimulatedCluster.Partitions).Where(other => other != partition))
            {
                cluster.Lives.Kill(other, crash);
            }
        }

        return role == CrashRole.Receivers ? null : crash;
    }

    /// <summary>What must happen for all steps to be reached.</summary>
    private static async Task AccidentAsync(SimulatedCluster cluster, int batch)
    {
        if (batch % 7 == 3)
        {
            cluster.Lives.Kill(batch % SimulatedCluster.Partitions, Crash.StoresWrites);
        }
        else if (batch % 4 == 1)
        {
            await cluster.Lives.CloseAsync(batch / 4 % SimulatedCluster.Partitions);
        }
    }
}
