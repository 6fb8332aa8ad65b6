using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Monitoring.Partitions;
using Orleans.Core.Internal;
using Orleans.Serialization;
using Orleans.Storage;
using Orleans.TestingHost;

namespace Monitoring.Dictionary;

/// <summary>One silo with the dictionary and no partitions: calls to those are answered here.</summary>
internal sealed class DictionaryCluster : IAsyncDisposable
{
    private const int Partitions = 3;
    private readonly InProcessTestCluster _cluster;

    private DictionaryCluster(Action<DictionaryOptions> configure)
    {
        var builder = new InProcessTestClusterBuilder(initialSilosCount: 1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddMemoryGrainStorage("memory", options => options.Configure<Serializer>((memory, serializer) =>
                memory.GrainStorageSerializer = new OrleansGrainStorageSerializer(serializer)));
            silo.AddOutgoingGrainCallFilter(AnswerForPartitionsAsync);
            silo.Services.AddSingleton(TimeProvider.System);
            silo.Services.AddSingleton(new PartitionMap(Partitions));
            silo.Services.AddDictionary();
            silo.Services.Configure(configure);
            silo.Services.AddKeyedSingleton<IGrainStorage>("definitions", (services, _) =>
                Storage = new FailableStorage(services.GetRequiredKeyedService<IGrainStorage>("memory")));
        });
        _cluster = builder.Build();
    }

    public FailableStorage Storage { get; private set; } = null!;

    /// <summary>Versions that each partition was told, in order.</summary>
    public ConcurrentQueue<(long Partition, long Version)> Told { get; } = [];

    /// <summary>What a partition does when it is told; nothing unless set.</summary>
    public Func<long, long, Task> WhenTold { get; set; } = (_, _) => Task.CompletedTask;

    public static async Task<DictionaryCluster> StartAsync(Action<DictionaryOptions>? configure = null)
    {
        var cluster = new DictionaryCluster(configure ?? (_ => { }));
        await cluster._cluster.DeployAsync();
        return cluster;
    }

    public Task<ApplyResult> ApplyAsync(DictionaryChange change) => Dictionary.ApplyAsync(change, TestContext.Current.CancellationToken);

    public Task<DictionarySnapshot> GetAsync() => Dictionary.GetAsync(TestContext.Current.CancellationToken);

    public Task<DictionarySnapshot?> GetNewerAsync(long knownVersion) =>
        Dictionary.GetNewerAsync(knownVersion, TestContext.Current.CancellationToken);

    public Task<DictionarySnapshot> GetVersionAsync(long version) => Dictionary.GetVersionAsync(version, TestContext.Current.CancellationToken);

    /// <summary>Ends the grain's activation; the next call begins another one, from what is stored.</summary>
    public async Task DeactivateAsync() => await Dictionary.Cast<IGrainManagementExtension>().DeactivateOnIdle();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    private IDictionaryGrain Dictionary => _cluster.Client.GetGrain<IDictionaryGrain>(IDictionaryGrain.Key);

    private async Task AnswerForPartitionsAsync(IOutgoingGrainCallContext context)
    {
        if (context.InterfaceMethod.DeclaringType != typeof(IPartitionGrain))
        {
            await context.Invoke();
            return;
        }

        Assert.Equal(nameof(IPartitionGrain.AdoptDictionaryAsync), context.InterfaceMethod.Name);
        var (partition, version) = (context.TargetId.GetIntegerKey(), (long)context.Request.GetArgument(0)!);
        await WhenTold(partition, version);
        Told.Enqueue((partition, version));
    }
}
