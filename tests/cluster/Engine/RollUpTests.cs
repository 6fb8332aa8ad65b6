using System.Collections.Immutable;
using Monitoring.Alerting;
using Monitoring.ClusterTests.Storage;
using Monitoring.Departments;
using Monitoring.Dictionary;
using Monitoring.Indicators;
using Monitoring.Partitions;
using Monitoring.RawPoints;
using Monitoring.Storage;
using Npgsql;

namespace Monitoring.ClusterTests.Engine;

/// <summary>Whatever happens to activations and silos, every node equals what a naive program computes from the points.</summary>
public sealed class RollUpTests
{
    private const string Code = "load.value";
    private static readonly long Now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    [Theory]
    [InlineData(11, 0)]
    [InlineData(12, 10)]
    [InlineData(13, 50)]
    public async Task Totals_ActivationsComeAndGo_EqualTheNaiveModel(int seed, int percentCorrections)
    {
        await using var cluster = await EngineCluster.StartAsync(options =>
        {
            options.CheckpointInterval = TimeSpan.FromMilliseconds(100);
            options.CheckpointJournalBytes = 4_096;
            options.MaxEntryWeight = 64;
        });
        var run = new RandomRun(cluster, seed, percentCorrections);
        await run.PlayAsync(rounds: 60);

        await cluster.SettleAsync();

        AssertEqual(run.Expected(), await cluster.ReadTotalsAsync(Code));
        await AssertAlertsAgreeAsync(cluster);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    public async Task Totals_SiloIsKilled_EqualTheNaiveModel(int percentCorrections)
    {
        await using var cluster = await EngineCluster.StartAsync(options => options.CheckpointInterval = TimeSpan.FromMilliseconds(200));
        var run = new RandomRun(cluster, seed: 21, percentCorrections);
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
        var run = new RandomRun(cluster, seed: 41, percentCorrections: 20);
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
        var run = new RandomRun(cluster, seed: 31, percentCorrections: 20);
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

    [Fact]
    public async Task ListCorrections_StoredAndNot_TellsOldAndNewValuesInOrder()
    {
        await using var cluster = await EngineCluster.StartAsync();
        var version = await cluster.ApplyAsync(RandomRun.Content());
        var (key, source) = (new NodeKey(Code, "a/b/c"), new TestSource(cluster, "till"));
        var partition = cluster.Partition(cluster.Map.PartitionOf(key));
        await source.SendAsync([new TestPoint(key, Now, 5), new TestPoint(key, Now, 7), new TestPoint(key, Now - 1, 100)], version);
        await source.SendAsync([new TestPoint(key, Now, 6, IsCorrection: true), new TestPoint(key, Now - 7, 1, IsCorrection: true)], version);
        await cluster.SettleAsync();
        await cluster.DeactivateAsync(partition);
        await source.SendAsync([new TestPoint(key, Now - 1, 3, IsCorrection: true)], version);
        await cluster.SettleAsync();
        var query = new CorrectionQuery { Key = key, Since = 0, AfterEntry = 0, AfterPosition = -1, Limit = 10 };

        var corrections = await EngineCluster.Persistently(() => partition.ListCorrectionsAsync(query));

        Assert.Equal([(Now, 6.0), (Now - 7, 1), (Now - 1, 3)], corrections.Select(made => (made.Time, made.Value)));
        Assert.Equal(["5,7", "", "100"], corrections.Select(made => string.Join(',', made.OldValues)));
        Assert.All(corrections, made => Assert.Equal(("till", version), (made.Source, made.DictionaryVersion)));
        var behind = query with { AfterEntry = corrections[0].Entry, AfterPosition = corrections[0].Position, Limit = 1 };
        Assert.Equal(Now - 7, Assert.Single(await EngineCluster.Persistently(() => partition.ListCorrectionsAsync(behind))).Time);
        var root = (await cluster.ReadTotalsAsync(Code))[string.Empty];
        Assert.Equal((3, 10.0, 1.0, 6.0, 6.0), (root.Count, root.Sum, root.Min, root.Max, root.Last));
    }

    [Fact]
    public async Task DeliverPoints_CorrectionIsOlderThanRawPointsAreKept_IsRefused()
    {
        await using var cluster = await EngineCluster.StartAsync();
        var version = await cluster.ApplyAsync(RandomRun.Content());
        var key = new NodeKey(Code, "a/b/c");
        var delivery = new PointDelivery
        {
            Source = "till",
            Epoch = 1,
            Sequence = 1,
            PreviousSequence = 0,
            DictionaryVersion = version,
            Nodes = [key, key],
            Times = [Now, Now - (long)TimeSpan.FromDays(36).TotalMilliseconds],
            Values = [1, 2],
            Corrections = [true, true],
        };
        var partition = cluster.Partition(cluster.Map.PartitionOf(key));

        var result = Assert.Single(await EngineCluster.Persistently(() => partition.DeliverManyAsync([delivery])));
        var again = Assert.Single(await EngineCluster.Persistently(() => partition.DeliverManyAsync([delivery])));

        Assert.Equal([1], result.OverdueCorrections);
        Assert.Equal((DeliveryStatus.Duplicate, 1), (again.Status, Assert.Single(again.OverdueCorrections)));
        await cluster.SettleAsync();
        Assert.All((await cluster.ReadTotalsAsync(Code)).Values, total => Assert.Equal((1, 1.0), (total.Count, total.Sum)));
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
    private sealed class RandomRun(EngineCluster cluster, int seed, int percentCorrections)
    {
        private readonly Random _random = new(seed);
        private readonly List<TestPoint> _points = [];
        private readonly List<TestPoint> _replaced = [];
        private readonly TestSource[] _sources = [new(cluster, "north"), new(cluster, "south")];
        private long _version;

        public async Task PlayAsync(int rounds)
        {
            _version = await cluster.ApplyAsync(Content());
            for (var round = 0; round < rounds; round++)
            {
                await Task.WhenAll(_sources.Select((source, index) => source.SendAsync(NextBatch(index), _version)));
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

        private List<TestPoint> NextBatch(int source)
        {
            var batch = new List<TestPoint>();
            for (var count = _random.Next(1, 40); count > 0; count--)
            {
                var point = _random.Next(100) < percentCorrections ? NextCorrection(source) : NextPoint(source);
                if (point.IsCorrection)
                {
                    _replaced.AddRange(_points.Where(old => (old.Key, old.Time) == (point.Key, point.Time)));
                    _points.RemoveAll(old => (old.Key, old.Time) == (point.Key, point.Time));
                }

                _points.Add(point);
                batch.Add(point);
            }

            return batch;
        }

        /// <summary>Mostly of a point that is there, sometimes of one that was corrected before, or of none.</summary>
        private TestPoint NextCorrection(int source)
        {
            var known = (_random.Next(4) == 0 ? _replaced : _points).Where(point => point.Time % 2 == source).ToList();
            var (key, time, value, _) = NextPoint(source);
            if (known.Count > 0 && _random.Next(5) > 0)
            {
                (key, time, _, _) = known[_random.Next(known.Count)];
            }

            return new TestPoint(key, time, value, IsCorrection: true);
        }

        /// <summary>Each source has times of its own: they send at once, so nobody knows whose correction is the last.</summary>
        private TestPoint NextPoint(int source)
        {
            // Mostly now, at times late by up to three hours, so that buckets come back that already left memory.
            var age = _random.Next(10) == 0 ? _random.NextInt64(3 * 3_600_000) : _random.NextInt64(60_000);
            var depth = _random.Next(20) == 0 ? 2 : 3;
            var path = string.Join('/', Enumerable.Range(0, depth).Select(_ => (char)('a' + _random.Next(4))));
            return new TestPoint(new NodeKey(Code, path), ((Now - age) / 2 * 2) + source, _random.Next(-100, 200) + (_random.NextDouble() / 3));
        }

        public static DictionaryContent Content() => new()
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
