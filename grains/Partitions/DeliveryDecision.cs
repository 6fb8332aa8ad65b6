using Monitoring.Dictionary;

namespace Monitoring.Partitions;

/// <summary>
/// What becomes of the points of a delivery: they count, they are kept because they came too late, or their indicator is unknown. A function of
/// the delivery, the dictionary and the time of the journal entry; what it decides is journaled, so that a replay need not decide again.
/// </summary>
/// <param name="Points">Those that count; there even when none does, because it says what was received.</param>
/// <param name="Late">Those that came too late; null for none.</param>
/// <param name="Refused">Those that are refused; null for none.</param>
internal readonly record struct DeliveryDecision(PointsItem Points, LateItem? Late, RefusedItem? Refused)
{
    /// <summary>Decides on a delivery.</summary>
    /// <param name="delivery">The points.</param>
    /// <param name="at">Time of the journal entry, milliseconds since 1970-01-01T00:00:00Z.</param>
    /// <param name="overdue">Positions of corrections that are refused.</param>
    /// <param name="dictionary">What they are judged by.</param>
    /// <param name="nodes">Gets the nodes that are new.</param>
    public static DeliveryDecision Of(
        PointDelivery delivery, long at, List<int> overdue, DictionarySnapshot dictionary, NodeTable nodes)
    {
        var slots = new NodeSlot[delivery.Nodes.Length];
        var unknown = default(List<int>);
        var excess = default(List<int>);
        var late = default(List<int>);
        for (var index = 0; index < slots.Length; index++)
        {
            var key = delivery.Nodes[index];
            if (!nodes.TryFind(key, out var slot) || slot.CheckedVersion != dictionary.Version)
            {
                if (dictionary.Find(key.Code) is not { } definition)
                {
                    (unknown ??= []).Add(index);
                    continue;
                }

                if (slot is null && nodes.IsFull)
                {
                    (excess ??= []).Add(index);
                    continue;
                }

                slot ??= nodes.Add(key);
                (slot.CheckedVersion, slot.Lateness) = (dictionary.Version, (long)definition.Lateness.TotalMilliseconds);
            }

            slots[index] = slot;

            // A correction is not late: it says what a time of the past should have been, and is overdue or counts.
            if (delivery.Times[index] < at - slot.Lateness && delivery.Corrections?[index] != true)
            {
                (late ??= []).Add(index);
            }
        }

        foreach (var position in overdue)
        {
            slots[position] = null!;
        }

        return unknown is null && excess is null && late is null && overdue.Count == 0
            ? new DeliveryDecision(
                new PointsItem(delivery.Source, delivery.Epoch, delivery.Sequence, slots, delivery.Times, delivery.Values)
                {
                    Corrections = delivery.Corrections,
                },
                null,
                null)
            : Divide(delivery, slots, unknown ?? [], late ?? [], overdue, excess ?? []);
    }

    private static DeliveryDecision Divide(PointDelivery delivery, NodeSlot[] slots, List<int> unknown, List<int> late, List<int> overdue, List<int> excess)
    {
        var isLate = new bool[slots.Length];
        late.ForEach(index => isLate[index] = true);
        int[] counted = [.. Enumerable.Range(0, slots.Length).Where(index => slots[index] is not null && !isLate[index])];
        var points = new PointsItem(
            delivery.Source,
            delivery.Epoch,
            delivery.Sequence,
            [.. counted.Select(index => slots[index])],
            [.. counted.Select(index => delivery.Times[index])],
            [.. counted.Select(index => delivery.Values[index])])
        {
            Corrections = delivery.Corrections is { } corrections ? [.. counted.Select(index => corrections[index])] : null,
        };
        var kept = late.Count == 0 ? null : new LateItem(
            delivery.Source,
            [.. late.Select(index => slots[index])],
            [.. late.Select(index => delivery.Times[index])],
            [.. late.Select(index => delivery.Values[index])],
            [.. late.Select(index => slots[index].Lateness)]);
        var refused = new RefusedItem(delivery.Source, delivery.Sequence, [.. unknown], [.. overdue], [.. excess]);
        return new DeliveryDecision(points, kept, refused.Count > 0 ? refused : null);
    }
}
