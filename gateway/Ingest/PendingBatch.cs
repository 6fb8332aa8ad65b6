using Wire = Monitoring.Protocol.V1;

namespace Monitoring.Gateway.Ingest;

/// <summary>A batch that was read and not yet acknowledged; guarded by its <see cref="AckQueue"/>.</summary>
internal sealed class PendingBatch(long sequence, long readAt)
{
    /// <summary>Sequence of the batch.</summary>
    public long Sequence { get; } = sequence;

    /// <summary>When it was read, as a timestamp of the clock.</summary>
    public long ReadAt { get; } = readAt;

    /// <summary>Deliveries that are not answered yet, and one for the reader until it has handed all of them out.</summary>
    public int Outstanding { get; set; } = 1;

    /// <summary>Points accepted so far.</summary>
    public int Accepted { get; set; }

    /// <summary>Points recognised as duplicates so far.</summary>
    public int Duplicates { get; set; }

    /// <summary>Points kept apart so far, because they came too late.</summary>
    public int Late { get; set; }

    /// <summary>Points refused so far; null for none. At most one per point of the batch.</summary>
    public List<Wire.Rejection>? Rejections { get; set; }
}
