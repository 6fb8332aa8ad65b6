using Monitoring.Departments;
using Monitoring.History;
using Monitoring.LatePoints;
using Monitoring.Partitions;

namespace Monitoring.Recovery;

/// <summary>The stores under a simulated cluster: in memory, or those of an engine.</summary>
/// <param name="Partitions">Journals, checkpoints and buckets.</param>
/// <param name="Late">Late points.</param>
/// <param name="History">What lets history go.</param>
/// <param name="AlertLogs">Alert logs.</param>
/// <param name="HasThreads">True when they work on threads of their own.</param>
internal sealed record ClusterStores(
    IPartitionStore Partitions, ILateStore Late, IHistoryStore History, IAlertLogStore AlertLogs, bool HasThreads)
{
    /// <summary>Stores in memory.</summary>
    public static ClusterStores InMemory()
    {
        var store = new MemoryStore();
        return new ClusterStores(store, store, store, new InMemoryAlertLogStore(), HasThreads: false);
    }

    /// <summary>Asks a store. The one thread of the simulation waits, so that however long the answer takes, the order of things is the same.</summary>
    public T Ask<T>(Func<ClusterStores, Task<T>> ask) => (HasThreads ? Task.Run(() => ask(this)) : ask(this)).GetAwaiter().GetResult();

    /// <summary>Likewise, without an answer.</summary>
    public void Tell(Func<ClusterStores, Task> tell) => (HasThreads ? Task.Run(() => tell(this)) : tell(this)).GetAwaiter().GetResult();
}
