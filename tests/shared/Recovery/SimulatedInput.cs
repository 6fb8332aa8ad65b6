using Monitoring.Indicators;
using Monitoring.LatePoints;

namespace Monitoring.Recovery;

/// <summary>
/// What the sources of a run send: new points, some of them late by a little; corrections; and points that come too late, of which some are
/// put into their buckets after all.
/// </summary>
internal sealed class SimulatedInput(SimulatedCluster cluster)
{
    private Random Random => cluster.Random;

    /// <summary>Everything that was sent.</summary>
    public SentPoints Sent { get; } = new();

    /// <summary>The next batch of a source.</summary>
    /// <param name="source">
    /// Number of the source. Each has event times of its own, and too late points have others: sources send at once, so nobody knows whose
    /// correction of a time would be the last.
    /// </param>
    public List<SentPoint> NextBatch(int source)
    {
        var batch = new List<SentPoint>();
        for (var count = Random.Next(1, 12); count > 0; count--)
        {
            var isLate = Random.Next(20) == 0;
            var point = isLate ? NextPoint(source + 2, RunDictionary.Lateness + 180_000 + Random.Next(60_000))
                : Random.Next(8) == 0 ? NextCorrection(source)
                : NextPoint(source, RecentAge());
            batch.Add(point);
            if (isLate)
            {
                Sent.AddLate(point);
            }
            else
            {
                Sent.Add(point);
            }
        }

        return batch;
    }

    /// <summary>Puts some late points of a partition into their buckets.</summary>
    public async Task ReinjectAsync(int number)
    {
        var partition = cluster.Partition(number);
        var page = await cluster.PersistentlyAsync(() => partition.ListLateAsync(new LateSelection { Limit = 1_000 }));
        var wanted = page.Points.Where(point => point.State == LateState.Kept && Random.Next(2) == 0).ToList();
        var answers = await cluster.PersistentlyAsync(() => partition.ReinjectLateAsync([.. wanted.Select(point => point.Id)]));
        Assert.All(answers, answer => Assert.Contains(answer, new[] { ReinjectStatus.Reinjected, ReinjectStatus.AlreadyReinjected }));
        wanted.ForEach(Sent.Reinject);
    }

    /// <summary>Mostly of a point that is there, sometimes of one that was corrected before, or of none.</summary>
    private SentPoint NextCorrection(int source)
    {
        var known = Sent.Correctable(again: Random.Next(4) == 0, point => point.Time % 4 == source);
        var (key, time, value, _) = NextPoint(source, RecentAge());
        return known.Count == 0 || Random.Next(5) == 0
            ? new SentPoint(key, time, value, IsCorrection: true)
            : known[Random.Next(known.Count)] with { Value = value, IsCorrection = true };
    }

    /// <summary>At times late by up to half a minute, so that buckets come back that already left memory.</summary>
    private int RecentAge() => Random.Next(8) == 0 ? Random.Next(30_000) : Random.Next(1_500);

    private SentPoint NextPoint(int remainder, long age)
    {
        var depth = Random.Next(20) == 0 ? 2 : 3;
        var path = string.Join('/', Enumerable.Range(0, depth).Select(_ => (char)('a' + Random.Next(3))));
        var key = new NodeKey(Random.Next(2) == 0 ? RunDictionary.Last : RunDictionary.Sum, path);
        return new SentPoint(key, ((cluster.Now - age) / 4 * 4) + remainder, Random.Next(-100, 200) + (Random.NextDouble() / 3));
    }
}
