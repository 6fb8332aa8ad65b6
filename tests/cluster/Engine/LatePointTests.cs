using Monitoring.Alerting;
using Monitoring.Dictionary;
using Monitoring.Indicators;
using Monitoring.LatePoints;
using Monitoring.Partitions;

namespace Monitoring.ClusterTests.Engine;

/// <summary>What comes too late is kept apart, and counts exactly once when somebody puts it in, whatever crashes meanwhile.</summary>
public sealed class LatePointTests
{
    private const string Code = "till.sales";
    private const long Hour = 3_600_000;
    private static readonly long Now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    [Fact]
    public async Task Deliver_OlderThanTheLateness_IsKeptApartAndListed()
    {
        await using var cluster = await EngineCluster.StartAsync(options => options.CheckpointInterval = TimeSpan.FromMilliseconds(100));
        var version = await cluster.ApplyAsync(Content());
        var results = await DeliverAsync(cluster, version, sequence: 1, ("a/x", Now, 1), ("a/x", Now - (3 * Hour), 10), ("b/y", Now - Hour, 2));
        await cluster.SettleAsync();

        Assert.Equal(1, results.Sum(result => result.Late));
        Assert.Equal((2, 3.0), await TotalAsync(cluster, ""));
        var late = Assert.Single(await ListAsync(cluster));
        Assert.Equal(("a/x", Now - (3 * Hour), 10.0, "till", 2 * Hour, LateState.Kept), (late.Key.Path, late.Time, late.Value, late.Source, late.AllowedLateness, late.State));
        Assert.InRange(late.ReceivedAt, Now, Now + Hour);
    }

    [Fact]
    public async Task Reinject_AskedAgainAndAfterRestarts_CountsOnceInEveryAncestor()
    {
        await using var cluster = await EngineCluster.StartAsync();
        var version = await cluster.ApplyAsync(Content());
        await DeliverAsync(cluster, version, sequence: 1, ("a/x", Now, 1), ("a/x", Now - (3 * Hour), 10), ("a/y", Now - (30 * Hour), 100));
        await cluster.SettleAsync();
        var ids = (await ListAsync(cluster)).Select(point => point.Id).ToList();
        Assert.Equal(2, ids.Count);

        Assert.Equal([ReinjectStatus.Reinjected, ReinjectStatus.AlreadyReinjected], await ReinjectAsync(cluster, ids[0], ids[0]));
        await cluster.ReplaceSiloAsync();
        Assert.Equal([ReinjectStatus.AlreadyReinjected], await ReinjectAsync(cluster, ids[0]));
        Assert.Equal([ReinjectStatus.Reinjected], await ReinjectAsync(cluster, ids[1]));
        await cluster.DeactivateAsync(cluster.Partition(ids[1].Partition));
        Assert.Equal([ReinjectStatus.AlreadyReinjected], await ReinjectAsync(cluster, ids[1]));
        Assert.Equal([ReinjectStatus.Unknown], await ReinjectAsync(cluster, ids[1] with { Entry = 999 }));
        await cluster.SettleAsync();

        Assert.Equal((3, 111.0), await TotalAsync(cluster, ""));
        Assert.Equal((3, 111.0), await TotalAsync(cluster, "a"));
        Assert.Empty(await ListAsync(cluster));
        Assert.Equal(2, (await ListAsync(cluster, includeReinjected: true)).Count(point => point.State == LateState.Reinjected));
    }

    [Fact]
    public async Task Reinject_ManyAtOnceWhileActivationsEnd_CountsEachOnce()
    {
        await using var cluster = await EngineCluster.StartAsync(options => options.CheckpointInterval = TimeSpan.FromMilliseconds(100));
        var version = await cluster.ApplyAsync(Content());
        var points = Enumerable.Range(0, 60).Select(number => ($"{(char)('a' + (number % 3))}/x", Now - (3 * Hour) - number, (double)number)).ToArray();
        await DeliverAsync(cluster, version, sequence: 1, points);
        await cluster.SettleAsync();
        var ids = (await ListAsync(cluster)).Select(point => point.Id).ToArray();

        var asking = Enumerable.Range(0, 4).Select(_ => ReinjectAsync(cluster, ids)).ToArray();
        for (var partition = 0; partition < cluster.Map.Count; partition++)
        {
            await cluster.DeactivateAsync(cluster.Partition(partition));
        }

        await Task.WhenAll(asking);
        await cluster.SettleAsync();

        Assert.Equal((60, points.Sum(point => point.Item3)), await TotalAsync(cluster, ""));
    }

    [Fact]
    public async Task Reinject_IntoAPeriodThatIsJudged_JudgesItsRulesAnew()
    {
        await using var cluster = await EngineCluster.StartAsync();
        var version = await cluster.ApplyAsync(Content());
        await DeliverAsync(cluster, version, sequence: 1, ("a/x", Now, 1), ("a/x", Now - (3 * Hour), 1_000));
        await cluster.SettleAsync();
        Assert.All(await cluster.ReadNodesAsync(Code), node => Assert.Equal(RulePhase.Normal, node.Rules[0].Phase));

        await ReinjectAsync(cluster, (await ListAsync(cluster)).Select(point => point.Id).ToArray());
        await cluster.SettleAsync();

        Assert.All(await cluster.ReadNodesAsync(Code), node => Assert.Equal((RulePhase.Firing, 1_001.0), (node.Rules[0].Phase, node.Value!.Value)));
    }

    private static async Task<List<PointDeliveryResult>> DeliverAsync(
        EngineCluster cluster, long version, long sequence, params (string Path, long Time, double Value)[] points)
    {
        var results = new List<PointDeliveryResult>();
        foreach (var group in points.GroupBy(point => cluster.Map.PartitionOf(new NodeKey(Code, point.Path))))
        {
            var delivery = new PointDelivery
            {
                Source = "till",
                Epoch = 1,
                Sequence = sequence,
                PreviousSequence = 0,
                DictionaryVersion = version,
                Nodes = [.. group.Select(point => new NodeKey(Code, point.Path))],
                Times = [.. group.Select(point => point.Time)],
                Values = [.. group.Select(point => point.Value)],
            };
            results.Add(await cluster.DeliverAsync(group.Key, delivery));
        }

        return results;
    }

    private static async Task<(long Count, double Sum)> TotalAsync(EngineCluster cluster, string path)
    {
        var total = (await cluster.ReadTotalsAsync(Code))[path];
        return (total.Count, total.Sum);
    }

    private static async Task<List<LatePoint>> ListAsync(EngineCluster cluster, bool includeReinjected = false)
    {
        var points = new List<LatePoint>();
        for (var partition = 0; partition < cluster.Map.Count; partition++)
        {
            var selection = new LateSelection { Code = Code, IncludeReinjected = includeReinjected, Limit = 100 };
            points.AddRange((await EngineCluster.Persistently(() => cluster.Partition(partition).ListLateAsync(selection))).Points);
        }

        return points;
    }

    private static async Task<List<ReinjectStatus>> ReinjectAsync(EngineCluster cluster, params LateId[] ids)
    {
        var answers = new List<ReinjectStatus>();
        foreach (var group in ids.GroupBy(id => id.Partition))
        {
            answers.AddRange(await EngineCluster.Persistently(() => cluster.Partition(group.Key).ReinjectLateAsync([.. group])));
        }

        return answers;
    }

    private static DictionaryContent Content() => new()
    {
        Departments = [new DepartmentDefinition { Id = "shop", Name = new LocalizedText { En = "Shop" } }],
        Indicators =
        [
            new IndicatorDefinition
            {
                Code = Code,
                Name = new LocalizedText { En = "Sales" },
                Statistic = Statistic.Sum,
                Breakdown = ["region", "till"],
                Resolution = TimeSpan.FromMinutes(1),
                Period = new Period { Kind = PeriodKind.Rolling, Length = TimeSpan.FromHours(24) },
                Lateness = TimeSpan.FromHours(2),
                Owner = "shop",
                Rules =
                [
                    new RuleDefinition
                    {
                        Id = "high",
                        Name = new LocalizedText { En = "High" },
                        Direction = RuleDirection.Above,
                        Levels = [new LevelDefinition { Level = AlertLevel.Warning, Enter = 500, Exit = 400 }],
                    },
                ],
            },
        ],
    };
}
