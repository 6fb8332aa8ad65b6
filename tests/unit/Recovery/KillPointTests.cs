using CsCheck;
using Monitoring.Partitions;

namespace Monitoring.Recovery;

/// <summary>
/// Wherever a partition dies, every node equals what a naive program computes from the points, and every log holds what a run from the
/// first entry on yields, each step once.
/// </summary>
public sealed class KillPointTests
{
    public static TheoryData<PumpStepName, int> Steps => new MatrixTheoryData<PumpStepName, int>(
        Enum.GetNames<PumpStep>().Select(step => new PumpStepName(step)), [1, 4, 9]);

    [Fact]
    public void Play_NobodyDies_EqualsTheNaiveModel()
    {
        var run = new SimulatedRun(seed: 1);
        run.Play();

        run.Check();
    }

    [Theory, MemberData(nameof(Steps))]
    public void Play_PartitionDiesAtAStep_EqualsTheNaiveModel(PumpStepName name, int occurrence) => Play(name.Step, occurrence, (_, _) => { });

    [Theory, MemberData(nameof(Steps))]
    public void Play_AllDieAtAStepOfOne_EqualsTheNaiveModel(PumpStepName name, int occurrence) => Play(name.Step, occurrence, (cluster, died) =>
    {
        foreach (var other in Enumerable.Range(0, SimulatedCluster.Partitions).Where(partition => partition != died))
        {
            cluster.Kill(other);
        }
    });

    [Fact]
    public void Play_PartitionsDieAnywhere_EqualsTheNaiveModel() => Gen.Int[1, 1_000_000].Sample(PlayAccidents, iter: 25, threads: 1);

    /// <summary>The partition that comes first to its n-th such step dies there, with the others as told.</summary>
    private static void Play(PumpStep step, int occurrence, Action<SimulatedCluster, int> alsoDies)
    {
        var run = default(SimulatedRun)!;
        run = new SimulatedRun((int)step + (100 * occurrence))
        {
            Accident = batch => AccidentAsync(run.Cluster, batch),
        };
        var left = occurrence;
        run.Cluster.Dies = (partition, reached) =>
        {
            if (reached != step || --left != 0)
            {
                return false;
            }

            alsoDies(run.Cluster, partition);
            return true;
        };
        run.Play();

        Assert.True(left <= 0, $"{step} was reached {occurrence - left} times only.");
        run.Check();
    }

    /// <summary>What must happen for all steps to be reached.</summary>
    private static async Task AccidentAsync(SimulatedCluster cluster, int batch)
    {
        if (batch % 7 == 3)
        {
            cluster.Kill(batch % SimulatedCluster.Partitions);
        }
        else if (batch % 4 == 1)
        {
            await cluster.CloseAsync(batch / 4 % SimulatedCluster.Partitions);
        }
    }

    private static void PlayAccidents(int seed)
    {
        var run = default(SimulatedRun)!;
        run = new SimulatedRun(seed)
        {
            Accident = async _ =>
            {
                var partition = run.Cluster.Random.Next(SimulatedCluster.Partitions);
                switch (run.Cluster.Random.Next(8))
                {
                    case 0:
                        run.Cluster.Forget(partition);
                        break;
                    case 1:
                        run.Cluster.LoseNode();
                        break;
                    case 2:
                        run.Cluster.LoseDepartment("all");
                        break;
                    case 3:
                        run.Cluster.Alerts.FailAfterWrite("all");
                        break;
                    case 4:
                        await run.Cluster.CloseAsync(partition);
                        break;
                }
            },
        };
        run.Cluster.Dies = (_, _) => run.Cluster.Random.Next(400) == 0;
        run.Cluster.Store.Fails = () => run.Cluster.Random.Next(100) == 0;
        run.Cluster.Store.FailsToAppend = () => run.Cluster.Random.Next(3) != 0;
        run.Play();

        run.Check();
    }
}

/// <summary>A step by its name, since the step itself is known to the engine only.</summary>
public sealed record PumpStepName(string Name)
{
    internal PumpStep Step => Enum.Parse<PumpStep>(Name);

    public override string ToString() => Name;
}
