using Microsoft.Extensions.DependencyInjection;
using Monitoring.ClusterTests.Engine;
using Monitoring.Sources;
using Orleans.Storage;

namespace Monitoring.ClusterTests.Storage;

/// <summary>The statements that Orleans' provider finds in our storage keep its contract.</summary>
public abstract class GrainStateTests(TestStorage storage)
{
    private static readonly GrainId Grain = GrainId.Create("test", "some/key");

    [Fact]
    public async Task WriteStateAsync_OnAnOldVersion_IsAConflictAndChangesNothing()
    {
        await using var cluster = await EngineCluster.StartAsync(storage: storage);
        var provider = cluster.Services.GetRequiredKeyedService<IGrainStorage>("definitions");
        var first = new GrainState<SourceState>(new SourceState { Epoch = 1 });
        var second = new GrainState<SourceState>(new SourceState { Epoch = 2 });
        await provider.WriteStateAsync("state", Grain, first);

        await Assert.ThrowsAsync<InconsistentStateException>(() => provider.WriteStateAsync("state", Grain, second));
        await provider.ReadStateAsync("state", Grain, second);
        Assert.Equal(1, second.State!.Epoch);

        second.State = new SourceState { Epoch = 3 };
        await provider.WriteStateAsync("state", Grain, second);
        await Assert.ThrowsAsync<InconsistentStateException>(() => provider.WriteStateAsync("state", Grain, first));

        await provider.ReadStateAsync("state", Grain, first);
        Assert.Equal(3, first.State!.Epoch);
    }

    [Fact]
    public async Task ClearStateAsync_ThenReadAndWrite_StartsAnew()
    {
        await using var cluster = await EngineCluster.StartAsync(storage: storage);
        var provider = cluster.Services.GetRequiredKeyedService<IGrainStorage>("definitions");
        var state = new GrainState<SourceState>(new SourceState { Epoch = 1 });
        await provider.WriteStateAsync("state", Grain, state);

        await provider.ClearStateAsync("state", Grain, state);
        var read = new GrainState<SourceState>(new SourceState { Epoch = 9 });
        await provider.ReadStateAsync("state", Grain, read);
        Assert.False(read.RecordExists);

        read.State = new SourceState { Epoch = 5 };
        await provider.WriteStateAsync("state", Grain, read);
        await provider.ReadStateAsync("state", Grain, state);
        Assert.Equal(5, state.State!.Epoch);
    }

    [Fact]
    public async Task WriteStateAsync_ManyAtOnce_OneOfEachVersionIsMade()
    {
        await using var cluster = await EngineCluster.StartAsync(storage: storage);
        var provider = cluster.Services.GetRequiredKeyedService<IGrainStorage>("definitions");
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => WriteAsync(provider), TestContext.Current.CancellationToken)));

        var read = new GrainState<SourceState>(new SourceState());
        await provider.ReadStateAsync("state", Grain, read);
        Assert.Equal(made.Sum(), read.State!.Epoch);
    }

    /// <summary>Adds one to what is stored, some times; returns how often it was not a conflict.</summary>
    private static async Task<int> WriteAsync(IGrainStorage provider)
    {
        var made = 0;
        for (var attempt = 0; attempt < 20; attempt++)
        {
            var state = new GrainState<SourceState>(new SourceState());
            await provider.ReadStateAsync("state", Grain, state);
            state.State = new SourceState { Epoch = state.State!.Epoch + 1 };
            try
            {
                await provider.WriteStateAsync("state", Grain, state);
                made++;
            }
            catch (InconsistentStateException)
            {
                // Somebody else built on the same version.
            }
        }

        return made;
    }
}
