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

namespace Monitoring.Recovery;

/// <summary>
/// A cluster on one thread and a clock of its own: the real partitions, nodes and alert logs, on storage in memory and calls that take
/// their time. Partitions die where a test wants it; a seed repeats a run.
/// </summary>
internal sealed class SimulatedCluster : IPumpObserver
{
    public const int Partitions = 4;
    private static readonly IServiceProvider Serializers = new ServiceCollection()
        .AddSerializer(builder => builder.AddAssembly(typeof(PartitionHeader).Assembly).AddAssembly(typeof(AlertLogEntry).Assembly))
        .BuildServiceProvider();

    private readonly Dictionary<int, Host> _hosts = [];
    private readonly Dictionary<int, Task<Host>> _starting = [];
    private readonly Dictionary<string, NodeMemory> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AlertLogWriter> _writers = new(StringComparer.Ordinal);
    private readonly HashSet<(int Partition, long Epoch)> _dead = [];
    private readonly PartitionActivationFactory _factory;
    private readonly SimulatedScheduler _scheduler;
    private readonly DateTimeOffset _start;
    private int _idleRounds;

    public SimulatedCluster(int seed, DateTimeOffset start)
    {
        Random = new Random(seed);
        _start = start;
        _scheduler = new SimulatedScheduler(new Random(seed));
        Clock = new FakeTimeProvider(start);
        Store = new SimulatedStore(PauseAsync);
        Grains = SimulatedGrainFactory.Create(this);
        var options = new PartitionOptions
        {
            Count = Partitions,
            MaxEntryWeight = 40,
            MaxNodeCalls = 3,
            CheckpointInterval = TimeSpan.FromMilliseconds(300),
            RetryDelay = TimeSpan.FromMilliseconds(5),
            MaxRetryDelay = TimeSpan.FromMilliseconds(20),
        };
        _factory = new PartitionActivationFactory(new PartitionServices(
            Store, Store, Store, Grains, Map, new DictionaryVersions(Grains, NullLogger<DictionaryVersions>.Instance), Options.Create(options), Options.Create(new HistoryOptions()),
            Options.Create(new RawPointOptions()), Clock, new PartitionMetrics(),
            new PartitionHealth(Clock, NullLogger<PartitionHealth>.Instance),
            Serializers.GetRequiredService<Serializer<PartitionHeader>>(), Serializers.GetRequiredService<Serializer<NodeRecord>>(), new SimulatedSilo(), this));
    }

    public Random Random { get; }

    public FakeTimeProvider Clock { get; }

    public SimulatedStore Store { get; }

    public InMemoryAlertLogStore Alerts { get; } = new();

    public IGrainFactory Grains { get; }

    public PartitionMap Map { get; } = new(Partitions);

    public List<DictionarySnapshot> Dictionaries { get; } = [];

    /// <summary>Whether a partition dies at a step.</summary>
    public Func<int, PumpStep, bool> Dies { get; set; } = (_, _) => false;

    /// <summary>Looks on when a step is reached.</summary>
    public Action<int, PumpStep> Observed { get; set; } = (_, _) => { };

    /// <summary>False when nodes are not told the time.</summary>
    public bool Ticks { get; init; } = true;

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

    void IPumpObserver.Reached(int partition, long epoch, PumpStep step)
    {
        if (_dead.Contains((partition, epoch)))
        {
            throw new PartitionTakenOverException(partition, 0);
        }

        Observed(partition, step);
        if (Dies(partition, step))
        {
            Kill(partition, epoch);
            throw new PartitionTakenOverException(partition, 0);
        }
    }

    /// <summary>A process dies: nothing it held in memory is left, save what calls under way carry.</summary>
    public void Kill(int partition)
    {
        if (_hosts.TryGetValue(partition, out var host))
        {
            Kill(partition, host.Activation.Epoch);
        }
    }

    /// <summary>A partition finds out that it cannot go on, and ends in its own time.</summary>
    public void Fail(int partition, Exception reason)
    {
        if (_hosts.TryGetValue(partition, out var host) && !host.HasFailed)
        {
            host.HasFailed = true;
            host.Activation.Close(reason);
            Remove(partition, host);
        }
    }

    /// <summary>The activation does not know that another one is about to take over.</summary>
    public void Forget(int partition) => _hosts.Remove(partition);

    /// <summary>Closes a partition as a silo does that stops in order.</summary>
    public async Task CloseAsync(int partition)
    {
        if (!_hosts.TryGetValue(partition, out var host) || host.HasFailed)
        {
            return;
        }

        try
        {
            await host.Activation.CloseGracefullyAsync(CancellationToken.None);
        }
        catch (Exception)
        {
            // What is not stored is replayed.
        }

        host.Activation.Close(new PartitionClosedException(partition));
        _dead.Add((partition, host.Activation.Epoch));
        await Task.WhenAny(host.Activation.BackgroundWrites);
        Remove(partition, host);
    }

    public IPartitionGrain Partition(int number) => new SimulatedPartition(this, number);

    public async Task<PartitionActivation> ActivationAsync(int partition)
    {
        if (_hosts.TryGetValue(partition, out var running))
        {
            return running.Activation;
        }

        if (!_starting.TryGetValue(partition, out var starting))
        {
            _starting[partition] = starting = StartAsync(partition);
        }

        try
        {
            return (await starting).Activation;
        }
        finally
        {
            if (_starting.GetValueOrDefault(partition) == starting)
            {
                _starting.Remove(partition);
            }
        }
    }

    public NodeMemory MemoryOf(string node)
    {
        if (!_nodes.TryGetValue(node, out var memory))
        {
            _nodes[node] = memory = new NodeMemory(NodeKey.Parse(node), Serializers.GetRequiredService<Serializer<NodeRecord>>(), chunkPoints: 5);
        }

        return memory;
    }

    /// <summary>A node's actor is gone, its partition does not know.</summary>
    public void LoseNode()
    {
        if (_nodes.Count > 0)
        {
            _nodes.Remove(_nodes.Keys.ElementAt(Random.Next(_nodes.Count)));
        }
    }

    public async Task<AlertLogWriter> WriterAsync(string department)
    {
        if (_writers.TryGetValue(department, out var known))
        {
            return known;
        }

        var writer = default(AlertLogWriter);
        writer = new AlertLogWriter(
            department, Alerts, Serializers.GetRequiredService<Serializer<AlertLogEntry>>(), new DepartmentOptions(), Clock, new DepartmentMetrics())
        {
            Appended = _ => { },
            TakenOver = _ => LoseDepartment(department),
        };
        await writer.LoadAsync(CancellationToken.None);
        await PauseAsync();
        return _writers[department] = writer;
    }

    /// <summary>A department's actor is gone, perhaps while it appends.</summary>
    public void LoseDepartment(string department) => _writers.Remove(department);

    /// <summary>A department's log as it is stored.</summary>
    public List<AlertLogEntry> LogOf(string department) =>
        [.. Alerts.Entries(department).Select(stored => Serializers.GetRequiredService<Serializer<AlertLogEntry>>().Deserialize(stored.Payload)!)];

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

    private async Task<Host> StartAsync(int partition)
    {
        var host = new Host();
        host.Activation = await _factory.LoadAsync(partition, reason => StepDown(partition, host, reason), CancellationToken.None, CancellationToken.None);
        _hosts[partition] = host;
        host.Activation.Start();
        return host;
    }

    private void Kill(int partition, long epoch)
    {
        _dead.Add((partition, epoch));
        if (_hosts.TryGetValue(partition, out var host) && host.Activation.Epoch == epoch)
        {
            StepDown(partition, host, new PartitionTakenOverException(partition, 0));
        }

        // Actors of nodes die with it, or they stay behind and remember what nobody asks for any more.
        if (Random.Next(2) == 0)
        {
            foreach (var node in _nodes.Keys.Where(node => Map.PartitionOf(NodeKey.Parse(node)) == partition).ToList())
            {
                _nodes.Remove(node);
            }
        }
    }

    private void StepDown(int partition, Host host, Exception reason)
    {
        if (host.HasFailed)
        {
            return;
        }

        host.HasFailed = true;
        host.Activation.Close(reason);
        _dead.Add((partition, host.Activation.Epoch));
        Remove(partition, host);
    }

    private void Remove(int partition, Host host)
    {
        if (_hosts.GetValueOrDefault(partition) == host)
        {
            _hosts.Remove(partition);
        }
    }

    /// <summary>Nothing can go on: time passes.</summary>
    private void Idle()
    {
        Assert.True(Clock.GetUtcNow() - _start < TimeSpan.FromMinutes(10), "The cluster does not come to rest.");
        Clock.Advance(TimeSpan.FromMilliseconds(5));
        if (++_idleRounds % 4 != 0)
        {
            return;
        }

        for (var number = 0; number < Partitions; number++)
        {
            var partition = number;
            Detach(async () =>
            {
                var activation = await ActivationAsync(partition);
                if (Ticks)
                {
                    await activation.TickAsync();
                }
            });
        }
    }

    private sealed class Host
    {
        public PartitionActivation Activation { get; set; } = null!;

        public bool HasFailed { get; set; }
    }
}
