using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Monitoring.ClusterTests.Storage;
using Monitoring.Dictionary;
using Monitoring.Hosting;
using Monitoring.Indicators;
using Monitoring.Partitions;
using Monitoring.Storage;
using Orleans.TestingHost;

namespace Monitoring.ClusterTests.Engine;

/// <summary>Two silos with the real actors on one storage.</summary>
public sealed class EngineCluster : IAsyncDisposable
{
    private readonly TestStorage _storage;
    private readonly OpenStorage _open;
    private readonly InProcessTestCluster _cluster;

    private EngineCluster(Action<PartitionOptions> configure, TestStorage storage, OpenStorage open)
    {
        (_storage, _open) = (storage, open);
        var builder = new InProcessTestClusterBuilder(2);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddMonitoringGrains();
            storage.AddTo(silo, open);
            silo.Services.Configure<PartitionOptions>(options => options.Count = TestStorage.Partitions);
            silo.Services.Configure(configure);
            silo.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
        });
        _cluster = builder.Build();
    }

    /// <summary>Where everything is stored.</summary>
    internal IStorageEngine Engine => _open.Engine;

    public IGrainFactory Grains => _cluster.Client;

    /// <summary>Services of one of the silos.</summary>
    public IServiceProvider Services => _cluster.GetSiloServiceProvider(_cluster.Silos[0].SiloAddress);

    /// <summary>Services of each silo.</summary>
    public IEnumerable<IServiceProvider> ServicesOfAll => _cluster.Silos.Select(silo => _cluster.GetSiloServiceProvider(silo.SiloAddress));

    public PartitionMap Map { get; } = new(TestStorage.Partitions);

    public static async Task<EngineCluster> StartAsync(Action<PartitionOptions>? configure = null, TestStorage? storage = null)
    {
        storage ??= new SqliteFolder();
        var cluster = new EngineCluster(configure ?? (_ => { }), storage, await storage.OpenAsync());
        await cluster._cluster.DeployAsync();
        return cluster;
    }

    /// <summary>Applies a dictionary that must be valid; returns its version.</summary>
    public async Task<long> ApplyAsync(DictionaryContent content)
    {
        var result = await Grains.GetGrain<IDictionaryGrain>(IDictionaryGrain.Key).ApplyAsync(new DictionaryChange { Content = content });
        Assert.Empty(result.Mistakes);
        return result.Version;
    }

    public IPartitionGrain Partition(int number) => Grains.GetGrain<IPartitionGrain>(number);

    /// <summary>Delivers points until there is room for them.</summary>
    public Task<PointDeliveryResult> DeliverAsync(int partition, PointDelivery delivery) => Persistently(async () =>
    {
        var result = Assert.Single(await Partition(partition).DeliverManyAsync([delivery]));
        return result.Status == DeliveryStatus.Busy ? throw new TryAgainException("There is no room.") : result;
    });

    /// <summary>Ends an activation wherever it is; its state must come back from what is stored.</summary>
    public Task DeactivateAsync(IAddressable grain) => _cluster.DeactivateAsync(grain);

    /// <summary>Kills a silo without a good-bye and starts another one.</summary>
    public async Task ReplaceSiloAsync()
    {
        await _cluster.KillSiloAsync(_cluster.Silos[^1]);
        await _cluster.StartAdditionalSiloAsync();
    }

    /// <summary>Starts one more silo.</summary>
    public Task AddSiloAsync() => _cluster.StartAdditionalSiloAsync();

    /// <summary>Lets the oldest silo but the first end in peace.</summary>
    public Task StopSiloAsync() => _cluster.StopSiloAsync(_cluster.Silos[1]);

    /// <summary>Where each actor is active, as the silos themselves say: directories may remember where it was.</summary>
    public async Task<ILookup<GrainId, SiloAddress>> FindAllAsync() =>
        (await Grains.GetGrain<IManagementGrain>(0).GetDetailedGrainStatistics()).ToLookup(actor => actor.GrainId, actor => actor.SiloAddress);

    /// <summary>Waits until partitions are spread evenly over the silos there are.</summary>
    public Task SpreadAsync() => Persistently(async () =>
    {
        var found = await FindAllAsync();
        var homes = Enumerable.Range(0, Map.Count).SelectMany(partition => found[Partition(partition).GetGrainId()]).ToList();
        var loads = _cluster.Silos.Select(silo => homes.Count(home => home.Equals(silo.SiloAddress))).ToList();
        if (homes.Count != Map.Count || loads.Sum() != Map.Count || loads.Max() - loads.Min() > 1)
        {
            throw new TryAgainException($"Partitions are spread {string.Join(' ', loads)}.");
        }
    });

    /// <summary>Waits until every consequence of what was delivered has arrived at the roots and in the alert logs.</summary>
    public async Task SettleAsync()
    {
        for (var round = 0; round <= NodeKey.MaxDepth; round++)
        {
            for (var partition = 0; partition < Map.Count; partition++)
            {
                await Persistently(() => Partition(partition).SettleAsync());
            }
        }
    }

    /// <summary>Every node of an indicator as history tells it, over all time.</summary>
    public async Task<SortedDictionary<string, Aggregate>> ReadTotalsAsync(string code)
    {
        var totals = new SortedDictionary<string, Aggregate>(StringComparer.Ordinal);
        for (var partition = 0; partition < Map.Count; partition++)
        {
            foreach (var key in await ListAsync(partition, code))
            {
                var query = new HistoryQuery { Key = key, Start = 0, End = long.MaxValue, Resolution = 0 };
                var total = await Persistently(() => Partition(partition).ReadHistoryAsync(query));
                totals.Add(key.Path, Assert.Single(total).Aggregate);
            }
        }

        return totals;
    }

    public async Task<IReadOnlyList<NodeReading>> ReadNodesAsync(string code)
    {
        var readings = new List<NodeReading>();
        for (var partition = 0; partition < Map.Count; partition++)
        {
            var keys = await ListAsync(partition, code);
            readings.AddRange(await Persistently(() => Partition(partition).ReadNodesAsync(keys)));
        }

        return readings;
    }

    /// <summary>Repeats a call that may fail while activations come and go, as every real caller does.</summary>
    public static async Task<T> Persistently<T>(Func<Task<T>> call)
    {
        using var giveUp = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            try
            {
                return await call();
            }
            catch (Exception exception) when (exception is not Xunit.Sdk.IAssertionException && !giveUp.IsCancellationRequested)
            {
                await pause.WaitForNextTickAsync(giveUp.Token);
            }
        }
    }

    public static Task Persistently(Func<Task> call) => Persistently(async () =>
    {
        await call();
        return true;
    });

    private Task<ImmutableArray<NodeKey>> ListAsync(int partition, string code) =>
        Persistently(() => Partition(partition).ListNodesAsync(new NodeSelection { Code = code }));

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _open.DisposeAsync();
        await _storage.DisposeAsync();
    }
}
