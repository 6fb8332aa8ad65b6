using Monitoring.Indicators;
using Monitoring.Partitions;
using Wire = Monitoring.Protocol.V1;

namespace Monitoring.Gateway.Ingest;

/// <summary>
/// The nodes one stream has named: by handle, and by name for points without one. Bounded by <see cref="IngestOptions.MaxHandle"/>
/// and <see cref="IngestOptions.MaxNamedNodes"/>. Not thread-safe.
/// </summary>
internal sealed class NodeBook(PartitionMap partitions, IngestOptions options)
{
    private const int PageSize = 1_024;
    private const int MaxPathLength = NodeKey.MaxDepth * (NodeKey.MaxPathPartLength + 1);

    private readonly Dictionary<(string Code, string Path), BoundNode> _named = [];

    // Pages, so that one stray large handle costs a page and not the whole table.
    private BoundNode?[]?[] _pages = [];

    /// <summary>The node of a point; null with a reason when it names none.</summary>
    public BoundNode? Find(Wire.Point point, out Wire.RejectionReason reason, out string message) => point.Indicator.Length == 0
        ? FindBound(point, out reason, out message)
        : FindOrBind(point, out reason, out message);

    private BoundNode? FindBound(Wire.Point point, out Wire.RejectionReason reason, out string message)
    {
        reason = default;
        message = string.Empty;
        if (AtHandle(point.Handle) is { } node)
        {
            return node;
        }

        (reason, message) = point.Handle == 0 ? (Wire.RejectionReason.UnknownIndicator, Rejections.Unnamed)
            : point.Handle > options.MaxHandle
                ? (Wire.RejectionReason.UnknownHandle, Rejections.OverlargeHandle(point.Handle, options.MaxHandle))
            : (Wire.RejectionReason.UnknownHandle, Rejections.UnboundHandle(point.Handle));
        return null;
    }

    private BoundNode? FindOrBind(Wire.Point point, out Wire.RejectionReason reason, out string message)
    {
        reason = default;
        message = string.Empty;
        if (point.Handle > options.MaxHandle)
        {
            reason = Wire.RejectionReason.UnknownHandle;
            message = Rejections.OverlargeHandle(point.Handle, options.MaxHandle);
            return null;
        }

        if (point.Indicator.Length > NodeKey.MaxCodeLength)
        {
            reason = Wire.RejectionReason.UnknownIndicator;
            message = Rejections.UnknownIndicator(point.Indicator);
            return null;
        }

        if (point.Path.Length > MaxPathLength)
        {
            reason = Wire.RejectionReason.InvalidPath;
            message = Rejections.OverlongPath(point.Path.Length, MaxPathLength);
            return null;
        }

        if (AtHandle(point.Handle) is { } bound && bound.Key.Code == point.Indicator && bound.Key.Path == point.Path)
        {
            return bound;
        }

        var node = Named(point.Indicator, point.Path);
        if (point.Handle != 0)
        {
            Bind(point.Handle, node);
        }

        return node;
    }

    private BoundNode Named(string code, string path)
    {
        if (_named.TryGetValue((code, path), out var node))
        {
            return node;
        }

        // Starting over is as good as any other eviction here: the nodes still in use come back with their next point.
        if (_named.Count >= options.MaxNamedNodes)
        {
            _named.Clear();
        }

        var key = new NodeKey(code, path);
        node = new BoundNode(key, partitions.PartitionOf(key));
        _named.Add((code, path), node);
        return node;
    }

    private BoundNode? AtHandle(uint handle)
    {
        var page = handle / PageSize;
        return page < (uint)_pages.Length && _pages[page] is { } nodes ? nodes[handle % PageSize] : null;
    }

    private void Bind(uint handle, BoundNode node)
    {
        var page = (int)(handle / PageSize);
        if (page >= _pages.Length)
        {
            Array.Resize(ref _pages, Math.Max(page + 1, Math.Min(_pages.Length * 2, (options.MaxHandle / PageSize) + 1)));
        }

        var nodes = _pages[page] ??= new BoundNode?[PageSize];
        nodes[handle % PageSize] = node;
    }
}
