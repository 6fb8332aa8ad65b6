using Monitoring.Indicators;
using Monitoring.RawPoints;

namespace Monitoring.Partitions;

/// <summary>
/// Corrections that are not stored yet; bounded by the journal that may pile up behind a checkpoint. Replaying the journal brings them back.
/// </summary>
internal sealed class CorrectionBook(PartitionMetrics metrics)
{
    private List<Correction> _unstored = [];

    /// <summary>Takes note of what a node made of an entry.</summary>
    public void Note(NodeOutcome outcome)
    {
        if (outcome.Corrections.Length + outcome.RefusedCorrections + outcome.Collections.Length == 0)
        {
            return;
        }

        _unstored.AddRange(outcome.Corrections);
        var begun = outcome.Collections.Count(collection => collection.IsOpen);
        metrics.OnCorrected(outcome.Corrections.Length, outcome.RefusedCorrections, begun, outcome.Mismatches);
    }

    /// <summary>Those since the last call, for being stored.</summary>
    public IReadOnlyList<Correction> Take()
    {
        var taken = _unstored;
        _unstored = [];
        return taken;
    }

    /// <summary>Those that match, oldest first, without regard to the limit.</summary>
    public IReadOnlyList<Correction> Find(CorrectionQuery query) => [.. _unstored.Where(query.Matches)];
}
