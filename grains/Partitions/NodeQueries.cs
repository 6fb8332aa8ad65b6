using System.Collections.Immutable;
using Monitoring.Calendars;
using Monitoring.Dictionary;
using Monitoring.History;
using Monitoring.Indicators;
using Monitoring.RawPoints;
using Orleans.Serialization;

namespace Monitoring.Partitions;

/// <summary>Answers questions about the nodes of a partition without touching the way of points.</summary>
internal sealed class NodeQueries(
    NodeTable nodes, NodeCaller caller, PartitionCheckpointer checkpointer, CorrectionBook corrections, IPartitionStore store,
    Serializer<NodeRecord> records, TimeProvider clock)
{
    // The greater path first: of the smallest so many, the one to drop next is on top.
    private static readonly Comparer<string> FromTheEnd = Comparer<string>.Create(static (left, right) => string.CompareOrdinal(right, left));

    /// <summary>Nodes as they stand; those that do not exist are left out.</summary>
    public async Task<ImmutableArray<NodeReading>> ReadAsync(ImmutableArray<NodeKey> keys, DictionarySnapshot dictionary)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var found = new List<(NodeSlot Slot, IndicatorDefinition Definition)>(keys.Length);
        foreach (var key in keys)
        {
            if (nodes.TryFind(key, out var slot) && slot.Exists && dictionary.Find(key.Code) is { } definition)
            {
                found.Add((slot, definition));
            }
        }

        var readings = ImmutableArray.CreateBuilder<NodeReading>(found.Count);
        foreach (var part in found.Chunk(caller.MaxCalls))
        {
            readings.AddRange(await ReadAsync(part, now));
        }

        return readings.MoveToImmutable();
    }

    /// <summary>Keys of the nodes that match.</summary>
    public ImmutableArray<NodeKey> List(NodeSelection selection, DictionarySnapshot dictionary)
    {
        if (dictionary.Find(selection.Code) is null)
        {
            return [];
        }

        if (selection.Limit > 0)
        {
            return ListFirst(selection);
        }

        var keys = ImmutableArray.CreateBuilder<NodeKey>();
        foreach (var slot in nodes.OfCode(selection.Code))
        {
            if (slot.Exists && selection.Takes(slot.Key))
            {
                keys.Add(slot.Key);
            }
        }

        return keys.ToImmutable();
    }

    /// <summary>Number of an indicator's nodes.</summary>
    public int Count(string code, DictionarySnapshot dictionary) =>
        dictionary.Find(code) is null ? 0 : nodes.OfCode(code).Count(slot => slot.Exists);

    /// <summary>Buckets of a node, stored and in memory, at the resolution asked for.</summary>
    public async Task<ImmutableArray<Bucket>> ReadHistoryAsync(HistoryQuery query, DictionarySnapshot dictionary)
    {
        if (!nodes.TryFind(query.Key, out var slot) || !slot.Exists || dictionary.Find(query.Key.Code) is not { } definition)
        {
            return [];
        }

        return await checkpointer.ReadConsistentlyAsync(
            () => query.Period == PeriodKind.Rolling ? ReadBucketsAsync(query, slot, definition) : ReadPeriodsAsync(query, slot, definition),
            CancellationToken.None);
    }

    private async Task<ImmutableArray<Bucket>> ReadBucketsAsync(HistoryQuery query, NodeSlot slot, IndicatorDefinition definition)
    {
        var merge = new HistoryMerge(query, BucketLadder.ReadableOf(definition), await caller.ReadBucketsAsync(slot, query.Start, query.End));
        foreach (var stretch in merge.Plan)
        {
            merge.Add(stretch, await store.ReadBucketsAsync(query.Key, stretch.Width, stretch.Start, stretch.End, CancellationToken.None));
        }

        return merge.ToBuckets();
    }

    private async Task<ImmutableArray<Bucket>> ReadPeriodsAsync(HistoryQuery query, NodeSlot slot, IndicatorDefinition definition)
    {
        if (!definition.HasCalendar)
        {
            return [];
        }

        var merge = new PeriodMerge(query, BusinessCalendar.Of(definition));
        var inMemory = await caller.ReadDaysAsync(slot, merge.Span.Start, merge.Span.End);
        var stored = await store.ReadBucketsAsync(query.Key, BucketRow.DayResolution, merge.Span.Start, merge.Span.End, CancellationToken.None);
        return merge.ToBuckets(stored, inMemory);
    }

    /// <summary>Corrections of a node on record, stored and in memory.</summary>
    public Task<ImmutableArray<Correction>> ListCorrectionsAsync(CorrectionQuery query) => checkpointer.ReadConsistentlyAsync(
        async () =>
        {
            var stored = await store.ListCorrectionsAsync(query, CancellationToken.None);
            return stored.Concat(corrections.Find(query)).Take(query.Limit).ToImmutableArray();
        },
        CancellationToken.None);

    private async Task<IEnumerable<NodeReading>> ReadAsync((NodeSlot Slot, IndicatorDefinition Definition)[] found, long now)
    {
        var readings = await Task.WhenAll(found.Select(node => caller.ReadAsync(node.Slot, node.Definition, now)));
        var stored = found.Where((_, index) => readings[index] is null).ToList();
        var images = new Queue<NodeImage>(stored.Count == 0 ? [] : await checkpointer.ReadConsistentlyAsync(() => caller.PeekAsync(stored), CancellationToken.None));
        return found.Select((node, index) => readings[index] ?? Read(node.Slot.Key, node.Definition, images.Dequeue(), now));
    }

    private ImmutableArray<NodeKey> ListFirst(NodeSelection selection)
    {
        var first = new PriorityQueue<NodeKey, string>(FromTheEnd);
        foreach (var slot in nodes.OfCode(selection.Code))
        {
            if (!slot.Exists || !selection.Takes(slot.Key))
            {
                continue;
            }

            if (first.Count < selection.Limit)
            {
                first.Enqueue(slot.Key, slot.Key.Path);
            }
            else
            {
                first.EnqueueDequeue(slot.Key, slot.Key.Path);
            }
        }

        return [.. first.UnorderedItems.Select(item => item.Element)];
    }

    private NodeReading Read(NodeKey key, IndicatorDefinition definition, NodeImage image, long now)
    {
        var record = image.State is null ? new NodeRecord() : records.Deserialize(image.State)!;
        return NodeCalculation.Read(new NodeState(definition, record, image), key, definition, now);
    }
}
