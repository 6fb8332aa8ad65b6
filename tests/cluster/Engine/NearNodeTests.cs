using Monitoring.Indicators;
using Monitoring.Partitions;

namespace Monitoring.ClusterTests.Engine;

/// <summary>Nodes that their partition gives turns without messages.</summary>
public sealed class NearNodeTests
{
    private const string Code = LoadDictionary.Code;
    private static readonly long Now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    [Fact]
    public async Task Turns_ActorsThatRestAreCollected_KeepTheNodeActive()
    {
        await using var cluster = await EngineCluster.StartAsync();
        var version = await cluster.ApplyAsync(LoadDictionary.Content);
        var source = new TestSource(cluster, "a");
        var (busy, resting) = (new NodeKey(Code, "busy"), new NodeKey(Code, "resting"));
        await source.SendAsync([new TestPoint(busy, Now, 1), new TestPoint(resting, Now, 1)], version);
        await cluster.SettleAsync();
        await source.SendAsync([new TestPoint(busy, Now, 2)], version); // The first call brought the node its state; this is a turn.
        await cluster.SettleAsync();

        await EngineCluster.Persistently(async () =>
        {
            await cluster.Grains.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);
            if ((await cluster.FindAllAsync()).Contains(IdOf(resting)))
            {
                throw new TryAgainException("The node that rests is still active.");
            }
        });

        Assert.True((await cluster.FindAllAsync()).Contains(IdOf(busy)));

        GrainId IdOf(NodeKey node) => cluster.Grains.GetGrain<IIndicatorGrain>(node.ToString()).GetGrainId();
    }

    [Fact]
    public async Task Turns_ActorEndedMeanwhile_NothingIsLostAndItComesBack()
    {
        await using var cluster = await EngineCluster.StartAsync();
        var version = await cluster.ApplyAsync(LoadDictionary.Content);
        var source = new TestSource(cluster, "a");
        var node = new NodeKey(Code, "node");
        for (var round = 1; round <= 5; round++)
        {
            await source.SendAsync([new TestPoint(node, Now, round)], version);
            await cluster.SettleAsync();
            if (round % 2 == 0)
            {
                await cluster.DeactivateAsync(cluster.Grains.GetGrain<IIndicatorGrain>(node.ToString()));
            }
        }

        await cluster.SettleAsync();

        var total = (await cluster.ReadTotalsAsync(Code))[string.Empty];
        Assert.Equal((5, 15.0), (total.Count, total.Sum));
        Assert.True((await cluster.FindAllAsync()).Contains(cluster.Grains.GetGrain<IIndicatorGrain>(node.ToString()).GetGrainId()));
    }
}
