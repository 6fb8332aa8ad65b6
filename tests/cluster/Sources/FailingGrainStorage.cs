using System.Collections.Concurrent;
using Orleans.Storage;

namespace Monitoring.Sources;

/// <summary>Grain storage in memory that checks versions, and can fail before or after it wrote.</summary>
internal sealed class FailingGrainStorage : IGrainStorage
{
    private readonly ConcurrentDictionary<GrainId, (object State, int Version)> _stored = new();
    private readonly ConcurrentDictionary<GrainId, bool> _failures = new();

    /// <summary>Is released with every write of any grain.</summary>
    public SemaphoreSlim Written { get; } = new(0);

    /// <summary>What is stored of a grain, or null.</summary>
    public TState? Find<TState>(GrainId grain)
        where TState : class => _stored.TryGetValue(grain, out var stored) ? (TState)stored.State : null;

    /// <summary>The next write of a grain fails.</summary>
    /// <param name="grain">Which grain.</param>
    /// <param name="isWritten">True when only the answer is lost.</param>
    public void FailNextWrite(GrainId grain, bool isWritten) => _failures[grain] = isWritten;

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (_stored.TryGetValue(grainId, out var stored))
        {
            (grainState.State, grainState.ETag, grainState.RecordExists) = ((T)stored.State, $"{stored.Version}", true);
        }

        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var isFailing = _failures.TryRemove(grainId, out var isWritten);
        if (isFailing && !isWritten)
        {
            throw new IOException("The disk is full.");
        }

        var version = _stored.TryGetValue(grainId, out var stored) ? stored.Version : 0;
        if ((grainState.ETag ?? "0") != $"{version}")
        {
            throw new InconsistentStateException("Somebody else wrote.");
        }

        _stored[grainId] = (grainState.State!, version + 1);
        if (isFailing)
        {
            throw new IOException("The connection was lost.");
        }

        (grainState.ETag, grainState.RecordExists) = ($"{version + 1}", true);
        Written.Release();
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => throw new NotSupportedException();
}
