using System.Collections.Immutable;
using Monitoring.Indicators;
using Monitoring.Partitions;

namespace Monitoring.Gateway.Indicators;

/// <summary>Which buckets of a node; a resolution of 0 chooses one.</summary>
internal sealed record NodeHistoryRequest(NodeKey Key, long Start, long End, long ResolutionMs, int MaxBuckets, bool Total);

/// <summary>Buckets of a node, oldest first.</summary>
internal sealed record NodeHistory(ImmutableArray<Bucket> Buckets, long ResolutionMs);

/// <summary>Reads nodes.</summary>
internal sealed class NodeReader
{
    private readonly NodeHistory _empty = new([], 60_000);
    private readonly ImmutableArray<NodeReading> _none = [];

    /// <summary>One node, or null.</summary>
    public Task<NodeReading?> GetAsync(NodeKey key, CancellationToken cancellationToken) =>
        Task.FromResult(_none.FirstOrDefault(reading => reading.Key.Equals(key))).WaitAsync(cancellationToken);

    /// <summary>Several nodes.</summary>
    public Task<ImmutableArray<NodeReading>> ListAsync(NodeSelection selection, CancellationToken cancellationToken) =>
        Task.FromResult(_none.RemoveAll(reading => reading.Key.Code != selection.Code)).WaitAsync(cancellationToken);

    /// <summary>A node's buckets.</summary>
    public Task<NodeHistory> GetHistoryAsync(NodeHistoryRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(_empty with { ResolutionMs = request.ResolutionMs }).WaitAsync(cancellationToken);
}
