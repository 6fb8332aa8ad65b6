using Monitoring.Dictionary;
using Monitoring.Indicators;

namespace Monitoring.Partitions;

/// <summary>Tells what children in one partition hold of buckets of their parents, as of the journal entry that is being applied.</summary>
internal sealed class ShareAnswers(int partition, NodeTable nodes, NodeCaller caller)
{
    /// <summary>Adds an answer to each request of an entry, whose consequences are all applied.</summary>
    public async Task AnswerAsync(
        SharesRequestedItem item, Func<string, IndicatorDefinition?> define, List<(NodeKey Node, BucketShare Share)> answers)
    {
        var childrenOf = ChildrenOf(item.Requests);
        foreach (var request in item.Requests)
        {
            // Without a definition there is no child either: whatever adds to one brings its dictionary along.
            var held = define(request.Node.Code) is { } definition
                ? await MergeAsync(childrenOf[request.Node], definition, request.Start)
                : default;
            answers.Add((request.Node, new BucketShare { Sender = partition, Start = request.Start, Round = request.Round, Aggregate = held }));
        }
    }

    /// <summary>The children here of each node that is asked for, by one look at the nodes of its indicator.</summary>
    private Dictionary<NodeKey, List<NodeSlot>> ChildrenOf(ShareRequest[] requests)
    {
        var childrenOf = new Dictionary<NodeKey, List<NodeSlot>>();
        foreach (var sameCode in requests.GroupBy(request => request.Node.Code, request => request.Node))
        {
            var byPath = new Dictionary<string, List<NodeSlot>>(StringComparer.Ordinal);
            foreach (var parent in sameCode)
            {
                if (childrenOf.TryAdd(parent, []))
                {
                    byPath.Add(parent.Path, childrenOf[parent]);
                }
            }

            var byParent = byPath.GetAlternateLookup<ReadOnlySpan<char>>();
            foreach (var slot in nodes.OfCode(sameCode.Key))
            {
                if (slot.LastEntry > 0 && slot.Key.Path.Length > 0 && byParent.TryGetValue(ParentOf(slot.Key.Path), out var children))
                {
                    children.Add(slot);
                }
            }
        }

        return childrenOf;
    }

    private static ReadOnlySpan<char> ParentOf(string path) => path.AsSpan(0, Math.Max(0, path.LastIndexOf('/')));

    private async Task<Aggregate> MergeAsync(List<NodeSlot> children, IndicatorDefinition definition, long start)
    {
        if (children.Count == 0)
        {
            return default;
        }

        var resolution = (long)definition.Resolution.TotalMilliseconds;
        var span = new HistorySpan { BucketsFrom = start, BucketsUntil = start + resolution };
        var stored = await caller.LoadHistoryAsync([.. children.Select(child => new HistoryLoad(child.Number, resolution, [span]))]);
        var total = default(Aggregate);
        for (var index = 0; index < children.Count; index++)
        {
            var held = stored[index].Buckets is [var row] ? row.Aggregate : default;
            if (children[index].IsDirty)
            {
                foreach (var inMemory in await caller.ReadBucketsAsync(children[index], start, start + resolution))
                {
                    held = inMemory.IsAddition ? Aggregate.Merge(held, inMemory.Aggregate) : inMemory.Aggregate;
                }
            }

            total = Aggregate.Merge(total, held);
        }

        return total;
    }
}
