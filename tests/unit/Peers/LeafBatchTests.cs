using Monitoring.Peers.Workload;

namespace Monitoring.Peers;

public sealed class LeafBatchTests
{
    [Fact]
    public void Fill_ConnectionsShareTheLeavesAndEachLeafHasOneConnection()
    {
        const int Leaves = 7;
        const int Connections = 3;

        var leavesOf = Enumerable.Range(0, Connections).Select(connection =>
        {
            var batch = new LeafBatch(Leaves, points: 1_000, connection, Connections, new Random(1));
            batch.Fill();
            return batch.Leaves.ToArray().Distinct();
        });

        Assert.Equal([0, 3, 6, 1, 4, 2, 5], leavesOf.SelectMany(leaves => leaves));
    }

    [Fact]
    public void Fill_LeavesAscendAndTheSumIsThatOfTheValues()
    {
        var batch = new LeafBatch(leaves: 100, points: 500, connection: 0, connections: 1, new Random(1));

        var sum = batch.Fill();

        Assert.Equal(batch.Leaves.ToArray().Order(), batch.Leaves.ToArray());
        Assert.Equal(batch.Values.ToArray().Sum(), sum);
    }
}
