using Monitoring.Indicators;
using Monitoring.Partitions;

namespace Monitoring.Recovery;

/// <summary>A partition that fails while it closes stores nothing of an entry that it has not applied as a whole.</summary>
public sealed class ClosingTests
{
    [Theory]
    [InlineData(nameof(PumpStep.HalfApplied))]
    [InlineData(nameof(PumpStep.Applied))]
    public void CloseAsync_FailsWithinAnEntry_CountsTheEntryOnce(string step)
    {
        // Whether a partition closes just then is up to the schedule, which any change of the code may shift.
        var failed = Enumerable.Range(13, 4).Sum(seed => Play(seed, Enum.Parse<PumpStep>(step)));

        Assert.True(failed > 0, "It never failed.");
    }

    private static int Play(int seed, PumpStep step)
    {
        var run = default(SimulatedRun)!;
        var closing = new HashSet<int>();
        var failed = 0;
        run = new SimulatedRun(seed)
        {
            Accident = batch =>
            {
                var partition = batch % SimulatedCluster.Partitions;
                if (closing.Add(partition))
                {
                    run.Cluster.Detach(async () =>
                    {
                        await run.Cluster.Lives.CloseAsync(partition);
                        closing.Remove(partition);
                    });
                }

                return Task.CompletedTask;
            },
        };
        run.Cluster.Lives.Observed = (partition, reached) =>
        {
            if (reached == step && closing.Contains(partition))
            {
                // A query finds a node that lost its state: memory is not to be trusted, but the process lives.
                failed++;
                run.Cluster.Lives.Fail(partition, new NodeStateLostException(new NodeKey("load.sum", "a")));
            }
        };
        run.Play();
        run.Check();
        return failed;
    }
}
