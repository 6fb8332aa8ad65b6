using Monitoring.Departments;
using Monitoring.History;
using Monitoring.LatePoints;
using Monitoring.Partitions;
using Monitoring.Storage;

namespace Monitoring.ClusterTests.Storage;

/// <summary>A storage of its own for one test, empty at first.</summary>
public abstract class TestStorage : IAsyncDisposable
{
    public const int Partitions = 4;

    /// <summary>Opens it as a process does at its start; again after the one before was disposed.</summary>
    internal abstract Task<OpenStorage> OpenAsync(int partitions = Partitions);

    /// <summary>Makes silos of one process use it.</summary>
    internal abstract void AddTo(ISiloBuilder silo, OpenStorage open);

    public abstract ValueTask DisposeAsync();
}

/// <summary>What a process has of a storage that it opened.</summary>
internal sealed record OpenStorage(
    IStorageEngine Engine, IPartitionStore Partitions, IAlertLogStore AlertLogs, ILateStore Late, IHistoryStore History)
    : IAsyncDisposable
{
    public ValueTask DisposeAsync() => ((IAsyncDisposable)Engine).DisposeAsync();
}
