using System.Collections.Immutable;
using Monitoring.Alerting;
using Monitoring.ClusterTests.Storage;
using Monitoring.Departments;
using Monitoring.Dictionary;
using Monitoring.Indicators;
using Monitoring.Storage;
using Npgsql;

namespace Monitoring.ClusterTests.Engine;

/// <summary>Whatever happens to activations and silos, every node equals what a naive program computes from the points.</summary>
public sealed class RollUpTests
{
    private const string Code = "load.value";
    private static readonly long Now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public async Task Totals_ActivationsComeAndGo_EqualTheNaiveModel(int seed)
    {
        await using var cluster = await EngineCluster.StartAsync(options =>
        {
            options.CheckpointInterval = TimeSpan.FromMilliseconds(100);
            options.CheckpointJournalBytes = 4_096;
            options.MaxEntryWeight = 64;
        });
        var run = new RandomRun(cluster, seed);
        await run.PlayAsync(rounds: 60);

        await cluster.SettleAsync();

        AssertEqual(run.Expected(), await cluster.ReadTotalsAsync(Code));
        await AssertAlertsAgreeAsync(cluster);
    }

    [Fact]
    public async Task Totals_SiloIsKilled_EqualTheNaiveModel()
    {
        await using var cluster = await EngineCluster.StartAsync(options => options.CheckpointInterval = TimeSpan.FromMilliseconds(200));
        var run = new RandomRun(cluster, seed: 21);
        await run.PlayAsync(rounds: 20);
        await cluster.ReplaceSiloAsync();
        await run.PlayAsync(rounds: 20);

        await cluster.SettleAsync();

        AssertEqual(run.Expected(), await cluster.ReadTotalsAsync(Code));
        await AssertAlertsAgreeAsync(cluster);
    }

    [Fact]
    public async Task Totals_SilosJoinAndStop_EqualTheNaiveModel()
    {
        await using var cluster = await EngineCluster.StartAsync(options => options.SettleTime = TimeSpan.FromMilliseconds(100));
        var run = new RandomRun(cluster, seed: 41);
        await run.PlayAsync(rounds: 10);
        await cluster.AddSiloAsync();
        await run.PlayAsync(rounds: 20);
        await cluster.SpreadAsync();
        await run.PlayAsync(rounds: 5);
        await cluster.StopSiloAsync();
        await run.PlayAsync(rounds: 20);
        await cluster.SpreadAsync();

        await cluster.SettleAsync();

        AssertEqual(run.Expected(), await cluster.ReadTotalsAsync(Code));
        await AssertAlertsAgreeAsync(cluster);
    }

    [Fact]
    public async Task Totals_OnPostgreSqlThatCrashesMeanwhile_EqualTheNaiveModel()
    {
        await using var server = await PostgreSqlServer.StartAsync();
        await using var cluster = await EngineCluster.StartAsync(
            options => options.CheckpointInterval = TimeSpan.FromMilliseconds(100), new PostgreSqlStorage(() => Task.FromResult(server)));
        var run = new RandomRun(cluster, seed: 31);
        await run.PlayAsync(rounds: 20);
        await server.CrashAsync();
        var playing = run.PlayAsync(rounds: 20);
        await server.ResumeAsync();
        await playing;
        NpgsqlConnection.ClearAllPools(); // The next silo stands for a new process, which has no connections from before the crash.
        await cluster.ReplaceSiloAsync();

        await cluster.SettleAsync();

        AssertEqual(run.Expected(), await cluster.ReadTotalsAsync(Code));
        await AssertAlertsAgreeAsync(cluster);
    }

    private static void AssertEqual(SortedDictionary<string, Aggregate> expected, SortedDictionary<string, Aggregate> actual)
    {
        Assert.Equal(expected.Keys, actual.Keys);
        var differences = expected.Where(wanted => !AreEqual(wanted.Value, actual[wanted.Key]))
            .Select(wanted => $"{wanted.Key}: {wanted.Value} became {actual[wanted.Key]}");
        Assert.Equal(string.Empty, string.Join('\n', differences));
    }

    private static bool AreEqual(Aggregate wanted, Aggregate found) =>
        (wanted.Count, wanted.Min, wanted.Max, wanted.First, wanted.Last) == (found.Count, found.Min, found.Max, found.First, found.Last)
        && Math.Abs(wanted.Sum - found.Sum) <= Math.Abs(wanted.Sum) * 1e-9;

    /// <summary>Each alert's steps are in the log once and in an order that makes sense, and what is open there is what nodes say.</summary>
    private static async Task AssertAlertsAgreeAsync(EngineCluster cluster)
    {
        var department = cluster.Grains.GetGrain<IDepartmentGrain>("centre");
        var log = await department.ReadLogAsync(0, 10_000);
        Assert.NotEmpty(log);
        Assert.Equal(Enumerable.Range(1, log.Length), log.Select(entry => (int)entry.Cursor));
        foreach (var alert in log.GroupBy(entry => entry.Transition.AlertId))
        {
            var kinds = alert.Select(entry => entry.Transition.Kind).ToList();
            Assert.Equal(TransitionKind.Firing, kinds[0]);
            Assert.Single(kinds, TransitionKind.Firing);
            Assert.DoesNotContain(TransitionKind.Resolved, kinds.SkipLast(1));
        }

        var firing = (await cluster.ReadNodesAsync(Code)).SelectMany(node => node.Rules).Select(rule => rule.AlertId).OfType<string>();
        var open = (await department.GetOpenAsync()).Alerts.Select(alert => alert.Id);
        Assert.Equal(firing.Order(StringComparer.Ordinal), open.Order(StringComparer.Ordinal));
    }

    /// <summary>Sources that send random batches and resend them, while activations end at random.</summary>
    private sealed class RandomRun(EngineCluster cluster, int seed)
    {
        private readonly Random _random = new(seed);
        private readonly List<TestPoint> _points = [];
        private readonly TestSource[] _sources = [new(cluster, "north"), new(cluster, "south")];
        private long _version;

        public async Task PlayAsync(int rounds)
        {
            _version = await cluster.ApplyAsync(Content());
            for (var round = 0; round < rounds; round++)
            {
                await Task.WhenAll(_sources.Select(source => source.SendAsync(NextBatch(), _version)));
                switch (_random.Next(6))
                {
                    case 0:
                        await cluster.DeactivateAsync(cluster.Partition(_random.Next(cluster.Map.Count)));
                        break;
                    case 1:
                        await _sources[_random.Next(2)].ResendAsync(_random.Next(1, 5), _version);
                        break;
                    case 2:
                        await cluster.DeactivateAsync(cluster.Grains.GetGrain<IIndicatorGrain>(_points[_random.Next(_points.Count)].Key.ToString()));
                        break;
                }
            }
        }

        public SortedDictionary<string, Aggregate> Expected()
        {
            var totals = new SortedDictionary<string, Aggregate>(StringComparer.Ordinal);
            foreach (var point in _points)
            {
                for (var key = point.Key; key is not null; key = key.Parent())
                {
                    totals[key.Path] = Aggregate.Merge(totals.GetValueOrDefault(key.Path), new Aggregate(point.Time, point.Value));
                }
            }

            return totals;
        }

        private List<TestPoint> NextBatch()
        {
            var batch = Enumerable.Range(0, _random.Next(1, 40)).Select(_ => NextPoint()).ToList();
            _points.AddRange(batch);
            return batch;
        }

        private TestPoint NextPoint()
        {
            // Mostly now, at times late by up to three hours, so that buckets come back that already left memory.
            var age = _random.Next(10) == 0 ? _random.NextInt64(3 * 3_600_000) : _random.NextInt64(60_000);
            var depth = _random.Next(20) == 0 ? 2 : 3;
            var path = string.Join('/', Enumerable.Range(0, depth).Select(_ => (char)('a' + _random.Next(4))));
            return new TestPoint(new NodeKey(Code, path), Now - age, _random.Next(-100, 200) + (_random.NextDouble() / 3));
        }

        private static DictionaryContent Content() => new()
        {
            Departments =
            [
                new DepartmentDefinition
                {
                    Id = "centre",
                    Name = new LocalizedText { En = "Centre" },
                    Subscriptions = [new Subscription { Indicator = "*" }],
                },
            ],
            Indicators =
            [
                new IndicatorDefinition
                {
                    Code = Code,
                    Name = new LocalizedText { En = "Load" },
                    Statistic = Statistic.Last,
                    Breakdown = ["region", "site", "unit"],
                    Resolution = TimeSpan.FromMinutes(1),
                    Period = new Period { Kind = PeriodKind.Rolling, Length = TimeSpan.FromHours(1) },
                    Owner = "centre",
                    Rules =
                    [
                        new RuleDefinition
                        {
                            Id = "high",
                            Name = new LocalizedText { En = "High" },
                            Direction = RuleDirection.Above,
                            Levels = ImmutableArray.Create(
                                new LevelDefinition { Level = AlertLevel.Warning, Enter = 100, Exit = 50 },
                                new LevelDefinition { Level = AlertLevel.Critical, Enter = 160, Exit = 120 }),
                        },
                    ],
                },
            ],
        };
    }
}
