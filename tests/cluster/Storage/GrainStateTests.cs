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
}
