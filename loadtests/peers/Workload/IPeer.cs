using System.Threading.Channels;

namespace Monitoring.Peers.Workload;

/// <summary>
/// A system that keeps sums of leaves, parents, departments and a root, and tells of parents above the threshold. It is empty when it
/// starts, and ends when it is disposed.
/// </summary>
internal interface IPeer : IAsyncDisposable
{
    /// <summary>Its name, as one word in lower case.</summary>
    string Name { get; }

    /// <summary>Its version, for example <c>2.42.0</c>.</summary>
    string Version { get; }

    /// <summary>Numbers of connections to try; the load uses the one that was fastest.</summary>
    IReadOnlyList<int> ConnectionsToTry { get; }

    /// <summary>Alerts of parents as they reach the watcher.</summary>
    ChannelReader<ParentAlert> Alerts { get; }

    /// <summary>CPU time of all its processes so far, in seconds.</summary>
    double CpuSeconds { get; }

    /// <summary>What its programs wrote last, to explain a failure.</summary>
    string Output { get; }

    /// <summary>Leaf whose points lift a parent; no other connection sends points of it unless the peer allows that.</summary>
    int ProbeLeaf(int parent);

    /// <summary>Opens a connection.</summary>
    Task<IBatchConnection> ConnectAsync(CancellationToken cancellationToken);

    /// <summary>The sum the root shows now; 0 before it shows any.</summary>
    Task<double> RootSumAsync(CancellationToken cancellationToken);

    /// <summary>Points that are really stored, counted by the peer.</summary>
    Task<long> StoredPointsAsync(CancellationToken cancellationToken);

    /// <summary>What it holds on disk in steady state. Nothing is sent any more.</summary>
    Task<DiskUse> MeasureDiskAsync(CancellationToken cancellationToken);
}

/// <summary>A connection over which one batch is under way at a time.</summary>
internal interface IBatchConnection : IAsyncDisposable
{
    /// <summary>Sends points; returns once they are acknowledged.</summary>
    /// <param name="leaves">Leaf of each point, ascending.</param>
    /// <param name="values">Value of each point, to be added to its leaf.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task SendAsync(ReadOnlyMemory<int> leaves, ReadOnlyMemory<double> values, CancellationToken cancellationToken);
}

/// <summary>A parent went above its threshold, or came back.</summary>
/// <param name="Parent">Number of the parent.</param>
/// <param name="IsFiring">Whether it is above.</param>
/// <param name="ReceivedAt">Timestamp of its arrival at the watcher.</param>
internal readonly record struct ParentAlert(int Parent, bool IsFiring, long ReceivedAt);

/// <summary>What is on disk.</summary>
/// <param name="Bytes">Bytes that grow with the points.</param>
/// <param name="Meaning">What was counted.</param>
internal readonly record struct DiskUse(long Bytes, string Meaning)
{
    /// <summary>Bytes beside that which do not grow with the points for ever: a write-ahead log, or room that is used again.</summary>
    public long TransientBytes { get; init; }
}
