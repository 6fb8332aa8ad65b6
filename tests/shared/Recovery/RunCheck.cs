using Monitoring.Alerting;
using Monitoring.Departments;
using Monitoring.Indicators;
using Monitoring.LatePoints;
using Monitoring.Partitions;

namespace Monitoring.Recovery;

/// <summary>What must hold after a run, whatever happened in it.</summary>
internal sealed class RunCheck(SimulatedCluster cluster, SentPoints sent)
{
    public void Check()
    {
        CheckTotals();
        CheckLate();
        cluster.Run(cluster.CloseAllAsync);
        CheckJournals();
        var repeated = Repeat();
        Assert.NotEmpty(cluster.LogOf("all"));
        foreach (var department in new[] { "all", "west" })
        {
            CheckLog(cluster.LogOf(department), repeated.LogOf(department));
        }

        CheckStates(StoredState.Read(cluster.Stores), StoredState.Read(repeated.Stores));
    }

    /// <summary>A cluster that knows nothing but the journals.</summary>
    private SimulatedCluster Repeat()
    {
        var repeated = new SimulatedCluster(1, cluster.Clock.GetUtcNow(), ClusterStores.InMemory()) { OnlyReplays = true };
        repeated.Dictionaries.AddRange(cluster.Dictionaries);
        foreach (var (partition, journal) in cluster.Store.Journals)
        {
            repeated.Store.Seed(partition, journal);
        }

        repeated.Run(async () =>
        {
            await repeated.SettleAsync();
            await repeated.CloseAllAsync();
        });
        return repeated;
    }

    /// <summary>Every node counts each point once, and a corrected one with its last value.</summary>
    private void CheckTotals()
    {
        var expected = sent.Totals();
        var actual = new SortedDictionary<string, Aggregate>(StringComparer.Ordinal);
        cluster.Run(async () =>
        {
            for (var partition = 0; partition < SimulatedCluster.Partitions; partition++)
            {
                foreach (var code in new[] { RunDictionary.Last, RunDictionary.Sum })
                {
                    var grain = cluster.Partition(partition);
                    foreach (var key in await cluster.PersistentlyAsync(() => grain.ListNodesAsync(new NodeSelection { Code = code })))
                    {
                        var query = new HistoryQuery { Key = key, Start = 0, End = long.MaxValue, Resolution = 0 };
                        var total = await cluster.PersistentlyAsync(() => grain.ReadHistoryAsync(query));
                        actual.Add(key.ToString(), total.IsEmpty ? default : total[0].Aggregate);
                    }
                }
            }
        });

        // A node that got nothing but late points is known, and has counted nothing.
        Assert.Equal(expected.Keys, actual.Where(node => !node.Value.IsEmpty || expected.ContainsKey(node.Key)).Select(node => node.Key));
        var differences = string.Join('\n', expected.Where(wanted => !AreEqual(wanted.Value, actual[wanted.Key]))
            .Select(wanted => $"{wanted.Key}: {wanted.Value} became {actual[wanted.Key]}"));
        Assert.True(differences.Length == 0, differences);
    }

    private static bool AreEqual(Aggregate wanted, Aggregate found) =>
        (wanted.Count, wanted.Min, wanted.Max, wanted.First, wanted.Last) == (found.Count, found.Min, found.Max, found.First, found.Last)
        && Math.Abs(wanted.Sum - found.Sum) <= 1e-9 * Math.Max(1, Math.Abs(wanted.Sum));

    /// <summary>Each point that came too late is kept once, and known for what became of it.</summary>
    private void CheckLate()
    {
        var kept = new List<LatePoint>();
        cluster.Run(async () =>
        {
            for (var partition = 0; partition < SimulatedCluster.Partitions; partition++)
            {
                var grain = cluster.Partition(partition);
                kept.AddRange((await cluster.PersistentlyAsync(() => grain.ListLateAsync(new LateSelection { Limit = 1_000, IncludeReinjected = true }))).Points);
            }
        });
        Assert.Equal(
            sent.Late.Order(Comparer<(NodeKey Key, long Time, double Value)>.Create(Compare)),
            kept.Select(point => (point.Key, point.Time, point.Value)).Order(Comparer<(NodeKey Key, long Time, double Value)>.Create(Compare)));
        Assert.Equal(sent.Reinjected.Order(), kept.Where(point => point.State == LateState.Reinjected).Select(point => point.Id).Order());

        static int Compare((NodeKey Key, long Time, double Value) left, (NodeKey Key, long Time, double Value) right) =>
            (left.Time, left.Value).CompareTo((right.Time, right.Value));
    }

    /// <summary>Nobody wrote who was not to, and nothing is missing or there twice.</summary>
    private void CheckJournals()
    {
        Assert.Equal([], cluster.Store.Violations);
        Assert.All(cluster.Store.Journals.Values, journal =>
            Assert.Equal(Enumerable.Range(1, journal.Count).Select(sequence => (long)sequence), journal.Select(entry => entry.Sequence)));
        for (var partition = 0; partition < SimulatedCluster.Partitions; partition++)
        {
            var number = partition;
            var image = cluster.Stores.Ask(stores => stores.Partitions.LoadAsync(number, CancellationToken.None));
            Assert.Equal(cluster.Store.Journals[number].Count, image.Entry + image.Journal.Count);
        }
    }

    /// <summary>Every transition is there once, in the order of its sender.</summary>
    private static void CheckLog(List<AlertLogEntry> log, List<AlertLogEntry> repeated)
    {
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

    private static void CheckStates(StoredState stored, StoredState repeated)
    {
        Assert.Equal(repeated.Nodes, stored.Nodes);
        Assert.Equal(repeated.Chunks, stored.Chunks);
        Assert.Equal(repeated.Late, stored.Late);

        // A point that is late for a bucket which already left memory is added to it with the next checkpoint, together with others. So
        // rounding in the sums of such buckets depends on when checkpoints were taken, and nothing else does.
        Assert.Equal(repeated.Buckets.Keys, stored.Buckets.Keys);
        Assert.Equal(repeated.Buckets.Values.Select(WithoutSum), stored.Buckets.Values.Select(WithoutSum));
        Assert.All(stored.Buckets, bucket =>
            Assert.Equal(repeated.Buckets[bucket.Key].Sum, bucket.Value.Sum, tolerance: 1e-12 * (1 + bucket.Value.Count) * 200));

        static Aggregate WithoutSum(Aggregate aggregate) => aggregate with { RawSum = 0, Compensation = 0 };
    }
}
