using Monitoring.Dictionary;
using Monitoring.Indicators;
using Orleans.Serialization;

namespace Monitoring.Partitions;

/// <summary>Reads the stored state of nodes, and sums up the periods that their indicators got since it was stored.</summary>
internal sealed class NodeImages(int partition, IPartitionStore store, Serializer<NodeRecord> records)
{
    /// <summary>State of nodes, in their order.</summary>
    public async Task<NodeImage[]> LoadAsync(IReadOnlyList<(NodeSlot Slot, IndicatorDefinition Definition)> wanted)
    {
        var images = await store.LoadNodesAsync(partition, [.. wanted.Select(node => ToLoad(node.Slot, node.Definition))], CancellationToken.None);
        var lacking = new List<(int Index, PeriodTotal[] Missing)>();
        for (var index = 0; index < images.Length; index++)
        {
            if (PeriodTotals.AreKept(wanted[index].Definition) && images[index].State is { } state
                && PeriodTotals.Missing(wanted[index].Definition, records.Deserialize(state)!) is { Length: > 0 } missing)
            {
                lacking.Add((index, missing));
            }
        }

        if (lacking.Count > 0)
        {
            await SumUpAsync(wanted, images, lacking);
        }

        return images;
    }

    private async Task SumUpAsync(
        IReadOnlyList<(NodeSlot Slot, IndicatorDefinition Definition)> wanted, NodeImage[] images, List<(int Index, PeriodTotal[] Missing)> lacking)
    {
        var loads = lacking.ConvertAll(one => ToLoad(wanted[one.Index].Slot, wanted[one.Index].Definition, one.Missing));
        var histories = await store.LoadHistoryAsync(partition, loads, CancellationToken.None);
        foreach (var ((index, missing), history) in lacking.Zip(histories))
        {
            foreach (ref var total in missing.AsSpan())
            {
                foreach (ref readonly var day in history.Buckets.AsSpan())
                {
                    if (total.Holds(day.Start))
                    {
                        total = total with { Aggregate = Aggregate.Merge(total.Aggregate, day.Aggregate) };
                    }
                }
            }

            images[index] = images[index] with { Totals = [.. missing] };
        }
    }

    private static NodeLoad ToLoad(NodeSlot slot, IndicatorDefinition definition) => new(
        slot.Number,
        slot.Key,
        (long)definition.Resolution.TotalMilliseconds,
        NodeState.KeepFrom(definition, slot.StoredClock),
        NodeState.KeepDaysFrom(definition, slot.StoredClock));

    private static HistoryLoad ToLoad(NodeSlot slot, IndicatorDefinition definition, PeriodTotal[] missing)
    {
        var (from, until) = (missing.Min(total => total.Start), missing.Max(total => total.End));
        var days = NodeState.HasDays(definition)
            ? new HistorySpan { DaysFrom = from, DaysUntil = until }
            : new HistorySpan { BucketsFrom = from, BucketsUntil = until };
        return new HistoryLoad(slot.Number, (long)definition.Resolution.TotalMilliseconds, [days]);
    }
}
