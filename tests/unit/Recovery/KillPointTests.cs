using CsCheck;

namespace Monitoring.Recovery;

/// <summary>
/// Wherever a partition dies, every node equals what a naive program computes from the points, and every log holds what a run from the
/// first entry on yields, each step once.
/// </summary>
public sealed class KillPointTests
{
    public static TheoryData<PumpStepName, CrashRole, string> Steps => new MatrixTheoryData<PumpStepName, CrashRole, string>(
        PumpStepName.All, Enum.GetValues<CrashRole>(), Enum.GetNames<Crash>());

    [Fact]
    public void Play_NobodyDies_EqualsTheNaiveModel()
    {
        var run = new SimulatedRun(seed: 1);
        run.Play();

        Assert.NotEmpty(run.Sent.Reinjected);
        Assert.True(run.Sent.Replaced > 0, "Nothing was corrected.");
        run.Check();
    }

    [Theory, MemberData(nameof(Steps))]
    public void Play_CrashesAtAStep_EqualsTheNaiveModel(PumpStepName name, CrashRole role, string crash)
    {
        var kind = Enum.Parse<Crash>(crash);
        CrashPlan.Play(name.Step, role, new Dictionary<int, Crash> { [1] = kind, [4] = kind, [7] = kind }, batches: 25);
    }

    [Fact]
    public void Play_PartitionsDieAnywhere_EqualsTheNaiveModel() => Gen.Int[1, 1_000_000].Sample(PlayAccidents, iter: 25, threads: 1);

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
                        run.Cluster.Lives.Forget(partition);
                        break;
                    case 1:
                        run.Cluster.Memory.LoseNode();
                        break;
                    case 2:
                        run.Cluster.Memory.LoseDepartment("all");
                        break;
                    case 3:
                        run.Cluster.Alerts.FailsAfterWrite = true;
                        break;
                    case 4:
                        await run.Cluster.Lives.CloseAsync(partition);
                        break;
                }
            },
        };
        run.Cluster.Lives.Dies = (_, _) => run.Cluster.Random.Next(400) == 0 ? (Crash)run.Cluster.Random.Next(3) : null;
        run.Cluster.Store.Fails = () => run.Cluster.Random.Next(100) == 0;
        run.Cluster.Store.FailsToAppend = () => run.Cluster.Random.Next(3) != 0;
        run.Play();

        run.Check();
    }
}
