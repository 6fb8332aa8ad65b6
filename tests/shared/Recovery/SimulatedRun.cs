namespace Monitoring.Recovery;

/// <summary>Sources that send and resend, a dictionary that changes, partitions that close and die on the way; then everything comes to rest.</summary>
internal sealed class SimulatedRun
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly SimulatedInput _input;
    private int _batches;

    public SimulatedRun(int seed, ClusterStores? stores = null)
    {
        Cluster = new SimulatedCluster(seed, Start, stores ?? ClusterStores.InMemory());
        Cluster.Dictionaries.Add(RunDictionary.Of(1));
        _input = new SimulatedInput(Cluster);
    }

    public SimulatedCluster Cluster { get; }

    /// <summary>Everything that was sent.</summary>
    public SentPoints Sent => _input.Sent;

    /// <summary>Accidents beside those that <see cref="PartitionLives.Dies"/> causes; called for each batch.</summary>
    public Func<int, Task> Accident { get; init; } = _ => Task.CompletedTask;

    public int BatchesOfSource { get; init; } = 25;

    public void Play() => Cluster.Run(async () =>
    {
        await Task.WhenAll(SendAllAsync("north", 0), SendAllAsync("south", 1));
        Cluster.Lives.Dies = (_, _) => null;
        Cluster.Store.Fails = Cluster.Store.FailsToAppend = () => false;
        await Cluster.SettleAsync();
    });

    /// <summary>Every node against all points, and everything that is stored against a run from the first entry on.</summary>
    public void Check() => new RunCheck(Cluster, Sent).Check();

    private async Task SendAllAsync(string name, int number)
    {
        var source = new SimulatedSource(Cluster, name);
        for (var batch = 0; batch < BatchesOfSource; batch++)
        {
            await source.SendAsync(_input.NextBatch(number));
            if (Cluster.Random.Next(5) == 0)
            {
                await source.ReconnectAsync(Cluster.Random.Next(1, 5));
            }

            if (Cluster.Random.Next(4) == 0)
            {
                await _input.ReinjectAsync(Cluster.Random.Next(SimulatedCluster.Partitions));
            }

            await Accident(++_batches);
            if (_batches == BatchesOfSource / 2 || _batches == BatchesOfSource)
            {
                Cluster.Dictionaries.Add(RunDictionary.Of(Cluster.Dictionaries.Count + 1));
            }

            if (Cluster.Random.Next(3) == 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(Cluster.Random.Next(1, 900)), Cluster.Clock);
            }
        }
    }
}
