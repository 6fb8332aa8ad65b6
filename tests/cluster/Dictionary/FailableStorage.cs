using Orleans.Storage;

namespace Monitoring.Dictionary;

/// <summary>A storage whose writes fail or wait while it is told so.</summary>
internal sealed class FailableStorage(IGrainStorage inner) : IGrainStorage
{
    /// <summary>Runs before every write.</summary>
    public Func<Task> BeforeWrite { get; set; } = () => Task.CompletedTask;

    /// <summary>Writes that were done.</summary>
    public int Writes { get; private set; }

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        inner.ReadStateAsync(stateName, grainId, grainState);

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await BeforeWrite();
        await inner.WriteStateAsync(stateName, grainId, grainState);
        Writes++;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        inner.ClearStateAsync(stateName, grainId, grainState);
}
