using System.Collections.Immutable;
using Monitoring.Alerting;
using Monitoring.Departments;
using Monitoring.Dictionary;
using Monitoring.Indicators;
using Monitoring.Partitions;

namespace Monitoring.Recovery;

/// <summary>Sources that send and resend, a dictionary that changes, partitions that close and die on the way; then everything comes to rest.</summary>
internal sealed class SimulatedRun
{
    private const string Last = "load.last";
    private const string Sum = "load.sum";
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly List<(NodeKey Key, long Time, double Value)> _points = [];
    private int _batches;

    public SimulatedRun(int seed)
    {
        Cluster = new SimulatedCluster(seed, Start);
        Cluster.Dictionaries.Add(Dictionary(1));
    }

    public SimulatedCluster Cluster { get; }

    /// <summary>Accidents beside those that <see cref="SimulatedCluster.Dies"/> causes; called for each batch.</summary>
    public Func<int, Task> Accident { get; init; } = _ => Task.CompletedTask;

    public int BatchesOfSource { get; init; } = 25;

    public void Play() => Cluster.Run(async () =>
    {
        await Task.WhenAll(SendAllAsync("north"), SendAllAsync("south"));
        Cluster.Dies = (_, _) => false;
        Cluster.Store.Fails = Cluster.Store.FailsToAppend = () => false;
        await Cluster.SettleAsync();
    });

    /// <summary>Every node against all points, and every log against a run from the first entry on.</summary>
    public void Check()
    {
        CheckTotals();
        Cluster.Run(async () =>
        {
            for (var partition = 0; partition < SimulatedCluster.Partitions; partition++)
            {
                await Cluster.CloseAsync(partition);
            }
        });
        var repeated = Repeat();
        foreach (var department in new[] { "all", "west" })
        {
            CheckLog(Cluster.LogOf(department), repeated.LogOf(department));
        }

        CheckStates(repeated);
    }

    /// <summary>A cluster that knows nothing but the journals.</summary>
    private SimulatedCluster Repeat()
    {
        var repeated = new SimulatedCluster(1, Cluster.Clock.GetUtcNow()) { Ticks = false };
        repeated.Dictionaries.AddRange(Cluster.Dictionaries);
        foreach (var (partition, journal) in Cluster.Store.Histories)
        {
            repeated.Store.Seed(partition, journal);
        }

        repeated.Run(async () =>
        {
            await repeated.SettleAsync();
            for (var partition = 0; partition < SimulatedCluster.Partitions; partition++)
            {
                await repeated.CloseAsync(partition);
            }
        });
        return repeated;
    }

    private void CheckTotals()
    {
        var expected = new SortedDictionary<string, Aggregate>(StringComparer.Ordinal);
        foreach (var point in _points)
        {
            for (var key = point.Key; key is not null; key = key.Parent())
            {
                expected[key.ToString()] = Aggregate.Merge(expected.GetValueOrDefault(key.ToString()), new Aggregate(point.Time, point.Value));
            }
        }

        var actual = new SortedDictionary<string, Aggregate>(StringComparer.Ordinal);
        Cluster.Run(async () =>
        {
            for (var partition = 0; partition < SimulatedCluster.Partitions; partition++)
            {
                foreach (var code in new[] { Last, Sum })
                {
                    var grain = Cluster.Partition(partition);
                    foreach (var key in await Cluster.PersistentlyAsync(() => grain.ListNodesAsync(new NodeSelection { Code = code })))
                    {
                        var query = new HistoryQuery { Key = key, Start = 0, End = long.MaxValue, Resolution = 0 };
                        var total = await Cluster.PersistentlyAsync(() => grain.ReadHistoryAsync(query));
                        actual.Add(key.ToString(), total.IsEmpty ? default : total[0].Aggregate);
                    }
                }
            }
        });
        Assert.Equal(expected.Keys, actual.Keys);
        var differences = expected.Where(wanted => !AreEqual(wanted.Value, actual[wanted.Key]))
            .Select(wanted => $"{wanted.Key}: {wanted.Value} became {actual[wanted.Key]}");
        Assert.Equal(string.Empty, string.Join('\n', differences));
    }

    private static bool AreEqual(Aggregate wanted, Aggregate found) =>
        (wanted.Count, wanted.Min, wanted.Max, wanted.First, wanted.Last) == (found.Count, found.Min, found.Max, found.First, found.Last)
        && Math.Abs(wanted.Sum - found.Sum) <= 1e-9 * Math.Max(1, Math.Abs(wanted.Sum));

    private static void CheckLog(List<AlertLogEntry> log, List<AlertLogEntry> repeated)
    {
        Assert.NotEmpty(log);
        Assert.Equal(Enumerable.Range(1, log.Count), log.Select(entry => (int)entry.Cursor));
        foreach (var alert in log.GroupBy(entry => entry.Transition.AlertId))
        {
            Assert.DoesNotContain(TransitionKind.Resolved, alert.SkipLast(1).Select(entry => entry.Transition.Kind));
        }

        Assert.Equal(BySender(repeated), BySender(log));

        static SortedDictionary<string, string> BySender(List<AlertLogEntry> entries) => new(
            entries.GroupBy(entry => entry.Transition.AlertId.Split('-')[0]).ToDictionary(
                sender => sender.Key, sender => string.Join('\n', sender.Select(entry => entry.Transition.ToString()))),
            StringComparer.Ordinal);
    }

    private void CheckStates(SimulatedCluster repeated)
    {
        for (var partition = 0; partition < SimulatedCluster.Partitions; partition++)
        {
            Assert.Equal(Cluster.Store.DescribeNodes(partition), repeated.Store.DescribeNodes(partition));
        }

        // A point that is late for a bucket which already left memory is added to it with the next checkpoint, together with others. So
        // rounding in the sums of such buckets depends on when checkpoints were taken, and nothing else does.
        var (stored, again) = (Cluster.Store.Buckets(), repeated.Store.Buckets());
        Assert.Equal(again.Keys, stored.Keys);
        Assert.Equal(again.Values.Select(WithoutSum), stored.Values.Select(WithoutSum));
        Assert.All(stored, bucket => Assert.Equal(again[bucket.Key].Sum, bucket.Value.Sum, tolerance: 1e-12 * bucket.Value.Count * 200));

        static Aggregate WithoutSum(Aggregate aggregate) => aggregate with { RawSum = 0, Compensation = 0 };
    }

    private async Task SendAllAsync(string name)
    {
        var source = new SimulatedSource(Cluster, name);
        for (var batch = 0; batch < BatchesOfSource; batch++)
        {
            var points = Enumerable.Range(0, Cluster.Random.Next(1, 12)).Select(_ => NextPoint()).ToList();
            _points.AddRange(points);
            await source.SendAsync(points);
            if (Cluster.Random.Next(5) == 0)
            {
                await source.ReconnectAsync(Cluster.Random.Next(1, 5));
            }

            await Accident(++_batches);
            if (_batches is 15 or 30)
            {
                Cluster.Dictionaries.Add(Dictionary(Cluster.Dictionaries.Count + 1));
            }

            if (Cluster.Random.Next(3) == 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(Cluster.Random.Next(1, 900)), Cluster.Clock);
            }
        }
    }

    private (NodeKey Key, long Time, double Value) NextPoint()
    {
        // At times late by up to half a minute, so that buckets come back that already left memory.
        var age = Cluster.Random.Next(8) == 0 ? Cluster.Random.Next(30_000) : Cluster.Random.Next(1_500);
        var depth = Cluster.Random.Next(20) == 0 ? 2 : 3;
        var path = string.Join('/', Enumerable.Range(0, depth).Select(_ => (char)('a' + Cluster.Random.Next(3))));
        var key = new NodeKey(Cluster.Random.Next(2) == 0 ? Last : Sum, path);
        return (key, Cluster.Now - age, Cluster.Random.Next(-100, 200) + (Cluster.Random.NextDouble() / 3));
    }

    private static DictionarySnapshot Dictionary(int version) => new()
    {
        Version = version,
        Departments =
        [
            Department("all", new Subscription { Indicator = "*" }),
            Department("west", new Subscription { Indicator = "*", Path = version == 2 ? "b/**" : "a/**", Level = AlertLevel.Critical }),
        ],
        Indicators =
        [
            Indicator(Last, Statistic.Last, version == 1 ? 5 : 8, version == 2 ? 120 : 100),
            Indicator(Sum, Statistic.Sum, version == 3 ? 4 : 6, version == 3 ? 250 : 200),
        ],
    };

    private static DepartmentDefinition Department(string id, Subscription subscription) =>
        new() { Id = id, Name = new LocalizedText { En = id }, Subscriptions = [subscription] };

    private static IndicatorDefinition Indicator(string code, Statistic statistic, int seconds, double threshold) => new()
    {
        Code = code,
        Name = new LocalizedText { En = code },
        Statistic = statistic,
        Breakdown = ["region", "site", "unit"],
        Resolution = TimeSpan.FromSeconds(1),
        Period = new Period { Kind = PeriodKind.Rolling, Length = TimeSpan.FromSeconds(seconds) },
        Owner = "all",
        Rules =
        [
            new RuleDefinition
            {
                Id = "high",
                Name = new LocalizedText { En = "High" },
                Direction = RuleDirection.Above,
                Levels = ImmutableArray.Create(
                    new LevelDefinition { Level = AlertLevel.Warning, Enter = threshold, Exit = threshold / 2 },
                    new LevelDefinition { Level = AlertLevel.Critical, Enter = threshold * 1.5, Exit = threshold, For = TimeSpan.FromMilliseconds(700) }),
            },
        ],
    };
}
