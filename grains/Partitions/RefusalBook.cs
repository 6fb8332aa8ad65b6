using System.Collections.Immutable;

namespace Monitoring.Partitions;

/// <summary>
/// Which points of a source's batches were refused, so that a batch that comes again gets the answer that was lost, although the dictionary
/// and the time that were its reasons have changed. Bounded by refused points for each source; the oldest batches are forgotten first.
/// </summary>
/// <param name="limit">Most refused points kept of one source.</param>
internal sealed class RefusalBook(int limit)
{
    private readonly Dictionary<string, Page> _pages = new(StringComparer.Ordinal);

    /// <summary>Takes note of refused points; those of one source come in the order of their batches.</summary>
    public void Note(RefusedItem refused)
    {
        if (!_pages.TryGetValue(refused.Source, out var page))
        {
            _pages.Add(refused.Source, page = new Page());
        }

        page.Points += refused.Count;
        page.Batches.Enqueue(refused);
        while (page.Points > limit && page.Batches.Count > 1)
        {
            page.Points -= page.Batches.Dequeue().Count;
        }
    }

    /// <summary>What was refused of a batch; null for nothing, or when it was too long ago.</summary>
    public RefusedItem? Find(string source, long sequence)
    {
        if (_pages.TryGetValue(source, out var page))
        {
            foreach (var refused in page.Batches)
            {
                if (refused.Sequence == sequence)
                {
                    return refused;
                }
            }
        }

        return null;
    }

    /// <summary>What must be stored.</summary>
    public ImmutableArray<StoredRefusal> Store() =>
    [
        .. _pages.OrderBy(page => page.Key, StringComparer.Ordinal).SelectMany(page => page.Value.Batches).Select(refused => new StoredRefusal
        {
            Source = refused.Source,
            Sequence = refused.Sequence,
            Unknown = refused.Unknown,
            Overdue = refused.Overdue,
            Excess = refused.Excess,
        }),
    ];

    /// <summary>Takes over what was stored.</summary>
    public void Restore(ImmutableArray<StoredRefusal> stored)
    {
        foreach (var refusal in stored)
        {
            Note(new RefusedItem(refusal.Source, refusal.Sequence, refusal.Unknown, refusal.Overdue, refusal.Excess));
        }
    }

    private sealed class Page
    {
        public Queue<RefusedItem> Batches { get; } = new();

        public int Points { get; set; }
    }
}
