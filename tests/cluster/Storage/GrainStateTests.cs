using Microsoft.Extensions.DependencyInjection;
using Monitoring.ClusterTests.Engine;
using Monitoring.Sources;
using Orleans.Storage;

namespace Monitoring.ClusterTests.Storage;

/// <summary>The statements that Orleans' provider finds in our storage keep its contract.</summary>
public sealed class GrainStateTests
{
    private static readonly GrainId Grain = GrainId.Create("test", "some/key");

    [Fact]
    public async Task WriteStateAsync_OnAnOldVersion_IsAConflictAndChangesNothing()
    {
        await using var cluster = await EngineCluster.StartAsync();
        var storage = cluster.Services.GetRequiredKeyedService<IGrainStorage>("definitions");
        var first = new GrainState<SourceState>(new SourceState { Epoch = 1 });
        var second = new GrainState<SourceState>(new SourceState { Epoch = 2 });
        await storage.WriteStateAsync("state", Grain, first);

        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("state", Grain, second));
        await storage.ReadStateAsync("state", Grain, second);
        Assert.Equal(1, second.State!.Epoch);

        second.State = new SourceState { Epoch = 3 };
        await storage.WriteStateAsync("state", Grain, second);
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("state", Grain, first));

        await storage.ReadStateAsync("state", Grain, first);
        Assert.Equal(3, first.State!.Epoch);
    }

    [Fact]
    public async Task ClearStateAsync_ThenReadAndWrite_StartsAnew()
    {
        await using var cluster = await EngineCluster.StartAsync();
        var storage = cluster.Services.GetRequiredKeyedService<IGrainStorage>("definitions");
        var state = new GrainState<SourceState>(new SourceState { Epoch = 1 });
        await storage.WriteStateAsync("state", Grain, state);

        await storage.ClearStateAsync("state", Grain, state);
        var read = new GrainState<SourceState>(new SourceState { Epoch = 9 });
        await storage.ReadStateAsync("state", Grain, read);
        Assert.False(read.RecordExists);

        read.State = new SourceState { Epoch = 5 };
        await storage.WriteStateAsync("state", Grain, read);
        await storage.ReadStateAsync("state", Grain, state);
        Assert.Equal(5, state.State!.Epoch);
    }
}
