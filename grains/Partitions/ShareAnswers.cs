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
        foreach (var request in item.Requests)
        {
            // Without a definition there is no child either: whatever adds to one brings its dictionary along.
            var held = define(request.Node.Code) is { } definition
                ? await MergeAsync(ChildrenOf(request.Node), definition, request.Start)
                : default;
            answers.Add((request.Node, new BucketShare { Sender = partition, Start = request.Start, Round = request.Round, Aggregate = held }));
        }
    }

    private List<NodeSlot> ChildrenOf(NodeKey parent)
    {
        var children = new List<NodeSlot>();
        foreach (var slot in nodes.OfCode(parent.Code))
        {
            if (slot.LastEntry > 0 && IsChild(slot.Key.Path, parent.Path))
            {
                children.Add(slot);
            }
        }

        return children;
    }

    private static bool IsChild(string path, string parent) => parent.Length == 0
        ? path.Length > 0 && !path.Contains('/', StringComparison.Ordinal)
        : path.Length > parent.Length + 1
            && path[parent.Length] == '/'
            && path.StartsWith(parent, StringComparison.Ordinal)
            && path.IndexOf('/', parent.Length + 1) < 0;

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
