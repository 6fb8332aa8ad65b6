using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Monitoring.Departments;
using Monitoring.Dictionary;
using Monitoring.History;
using Monitoring.Indicators;
using Monitoring.Partitions;
using Monitoring.RawPoints;
using Orleans.Serialization;
using Prometheus;

namespace Monitoring.Recovery;

/// <summary>
/// A cluster on one thread and a clock of its own: the real partitions, nodes and alert logs, on stores that wait for nobody and calls that
/// take their time. Partitions die where a test wants it; a seed repeats a run.
/// </summary>
internal sealed class SimulatedCluster
{
    public const int Partitions = 4;
    private readonly SimulatedScheduler _scheduler;
    private readonly DateTimeOffset _start;
    private int _idleRounds;
    private bool _isOver;

    public SimulatedCluster(int seed, DateTimeOffset start, ClusterStores stores)
    {
        Random = new Random(seed);
        Stores = stores;
        _start = start;
        _scheduler = new SimulatedScheduler(new Random(seed));
        Clock = new FakeTimeProvider(start);
        Store = new FaultyStore(stores, PauseAsync);
        Alerts = new FaultyAlertLogs(stores, PauseAsync);
        Grains = SimulatedGrainFactory.Create(this);
        Memory = new ActorMemory(this);
        Lives = new PartitionLives(this);
        var options = new PartitionOptions
        {
            Count = Partitions,
            MaxEntryWeight = 40,
            MaxNodeCalls = 3,
            MaxNodeLoads = 5,
            CheckpointInterval = TimeSpan.FromMilliseconds(300),
            RetryDelay = TimeSpan.FromMilliseconds(5),
            MaxRetryDelay = TimeSpan.FromMilliseconds(20),
        };
        var serializers = ActorMemory.Serializers;
        Lives.Factory = new PartitionActivationFactory(new PartitionServices(
            Store, Store, Store, Grains, Map, new DictionaryVersions(Grains, NullLogger<DictionaryVersions>.Instance), Options.Create(options), Options.Create(new HistoryOptions()),
            Options.Create(new RawPointOptions()), Clock, new PartitionMetrics(Metrics.DefaultFactory), new PartitionHealth(Clock, NullLogger<PartitionHealth>.Instance),
            serializers.GetRequiredService<Serializer<PartitionHeader>>(), serializers.GetRequiredService<Serializer<NodeRecord>>(),
            new SimulatedSilo(), Lives));
    }

    public Random Random { get; }

    public FakeTimeProvider Clock { get; }

    public ClusterStores Stores { get; }

    public FaultyStore Store { get; }

    public FaultyAlertLogs Alerts { get; }

    public PartitionLives Lives { get; }

    public ActorMemory Memory { get; }

    public IGrainFactory Grains { get; }

    public PartitionMap Map { get; } = new(Partitions);

    public List<DictionarySnapshot> Dictionaries { get; } = [];

    /// <summary>True to journal nothing new: nodes are not told the time, and no shares are asked for but those in the journals.</summary>
    public bool OnlyReplays { get; init; }

    public long Now => Clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Runs something in the cluster until it ends.</summary>
    public void Run(Func<Task> main) => _scheduler.Run(main, Idle);

    /// <summary>Starts something that nobody waits for.</summary>
    public void Detach(Func<Task> action) => _ = _scheduler.Start(action).ContinueWith(
        task => task.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    /// <summary>Lets others run for a while that is never the same.</summary>
    public async Task PauseAsync()
    {
        for (var turns = Random.Next(4); turns > 0; turns--)
        {
            await Task.Yield();
        }
    }

    public IPartitionGrain Partition(int number) => new SimulatedPartition(this, number);

    /// <summary>A department's log as it is stored.</summary>
    public List<AlertLogEntry> LogOf(string department) =>
    [
        .. Alerts.Entries(department)
            .Select(stored => ActorMemory.Serializers.GetRequiredService<Serializer<AlertLogEntry>>().Deserialize(stored.Payload)!),
    ];

    /// <summary>Repeats a call that may fail while partitions come and go.</summary>
    public async Task<T> PersistentlyAsync<T>(Func<Task<T>> call)
    {
        while (true)
        {
            try
            {
                return await call();
            }
            catch (Exception exception) when (exception is not Xunit.Sdk.IAssertionException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), Clock);
            }
        }
    }

    /// <summary>Waits until every consequence of what was journaled has arrived.</summary>
    public async Task SettleAsync()
    {
        for (var round = 0; round < 5; round++)
        {
            for (var partition = 0; partition < Partitions; partition++)
            {
                await PersistentlyAsync(async () =>
                {
                    await Partition(partition).SettleAsync();
                    return true;
                });
            }
        }
    }

    /// <summary>Closes all partitions for good, so that everything is stored.</summary>
    public async Task CloseAllAsync()
    {
        _isOver = true;
        do
        {
            for (var partition = 0; partition < Partitions; partition++)
            {
                await Lives.CloseAsync(partition);
            }
        }
        while (Lives.AreRunning); // One that is called by another that closes starts once more.
    }

    /// <summary>Nothing can go on: time passes.</summary>
    private void Idle()
    {
        Assert.True(Clock.GetUtcNow() - _start < TimeSpan.FromMinutes(10), "The cluster does not come to rest.");
        Clock.Advance(TimeSpan.FromMilliseconds(5));
        if (_isOver || ++_idleRounds % 4 != 0)
        {
            return;
        }

        for (var number = 0; number < Partitions; number++)
        {
            var partition = number;
            Detach(async () =>
            {
                var activation = await Lives.ActivationAsync(partition);
                if (!OnlyReplays)
                {
                    await activation.TickAsync();
                }
            });
        }
    }
}
