using Monitoring.ClusterTests.Engine;
using Monitoring.Dictionary;
using Monitoring.Indicators;

namespace Monitoring.ClusterTests.Placement;

public sealed class MovingNodesTests
{
    private const string Code = "load.value";
    private static readonly long Now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    [Fact]
    public async Task Nodes_TheirPartitionMoves_FollowItWithTheirNextPoints()
    {
        await using var cluster = await EngineCluster.StartAsync(options => options.SettleTime = TimeSpan.FromMilliseconds(100));
        var source = new TestSource(cluster, "north");
        var version = await cluster.ApplyAsync(Content);
        await cluster.SpreadAsync();
        await source.SendAsync(OnePointEach(), version);
        await cluster.SettleAsync();
        var before = await FindStraysAsync(cluster);

        await cluster.AddSiloAsync();
        await cluster.SpreadAsync();
        var leftBehind = await FindStraysAsync(cluster);
        await source.SendAsync(OnePointEach(), version);
        await cluster.SettleAsync();

        Assert.Empty(before);
        Assert.NotEmpty(leftBehind);
        Assert.Empty(await FindStraysAsync(cluster));
        Assert.Equal(2 * Keys().Count, (await cluster.ReadTotalsAsync(Code))[string.Empty].Count);
    }

    [Fact]
    public async Task Node_VisitOfAReplacedActivation_IsRefused()
    {
        await using var cluster = await EngineCluster.StartAsync();
        var node = cluster.Grains.GetGrain<IIndicatorGrain>($"{Code}/r/s");

        Assert.True((await node.ApplyAsync(FirstVisit(epoch: 5))).IsApplied);
        Assert.False((await node.ApplyAsync(FirstVisit(epoch: 3))).IsApplied);
        Assert.True((await node.ApplyAsync(FirstVisit(epoch: 7))).IsApplied);
    }

    private static NodeInput FirstVisit(long epoch) => new()
    {
        Visit = new NodeVisit
        {
            Epoch = epoch,
            LastEntry = 0,
            Definition = Content.Indicators[0],
            Image = new NodeImage { State = null, Buckets = [] },
        },
        Number = 0,
        Round = new NodeRound
        {
            Partition = 0,
            PartitionCount = 1,
            DictionaryVersion = 1,
            Entries = [new RoundEntry(epoch + 1, Now)],
            Parts = [default],
        },
    };

    /// <summary>Nodes that are not where their partition is.</summary>
    private static async Task<List<NodeKey>> FindStraysAsync(EngineCluster cluster)
    {
        var found = await cluster.FindAllAsync();
        return Keys().FindAll(key => !found[cluster.Grains.GetGrain<IIndicatorGrain>(key.ToString()).GetGrainId()]
            .SequenceEqual(found[cluster.Partition(cluster.Map.PartitionOf(key)).GetGrainId()]));
    }

    private static List<TestPoint> OnePointEach() => Keys().ConvertAll(key => new TestPoint(key, Now, 1));

    private static List<NodeKey> Keys() => [.. Enumerable.Range(0, 60).Select(number => new NodeKey(Code, $"r{number % 6}/s{number}"))];

    private static DictionaryContent Content { get; } = new()
    {
        Departments = [new DepartmentDefinition { Id = "centre", Name = new LocalizedText { En = "Centre" } }],
        Indicators =
        [
            new IndicatorDefinition
            {
                Code = Code,
                Name = new LocalizedText { En = "Load" },
                Statistic = Statistic.Sum,
                Breakdown = ["region", "site"],
                Resolution = TimeSpan.FromMinutes(1),
                Period = new Period { Kind = PeriodKind.Rolling, Length = TimeSpan.FromHours(1) },
                Owner = "centre",
            },
        ],
    };
}
