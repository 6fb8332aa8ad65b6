using Monitoring.Alerting;

namespace Monitoring.Indicators;

/// <summary>What one call of a node collects while it runs; used again for the next call.</summary>
internal sealed class NodeWork
{
    private readonly List<AlertTransition> _transitions = [];
    private readonly List<int> _causes = [];
    private NodeOutcome? _restated;

    /// <summary>What one entry adds, by bucket.</summary>
    public BucketDeltas Folded { get; } = new(capacity: 4);

    /// <summary>What the parent must be told.</summary>
    public BucketDeltas Contributions { get; } = new(capacity: 4);

    /// <summary>Rules that are not simply normal after an entry.</summary>
    public List<RuleState> Rules { get; } = [];

    /// <summary>When the node must be told the time, milliseconds since 1970-01-01T00:00:00Z; <see cref="long.MaxValue"/> for never.</summary>
    public long Deadline { get; set; }

    public void Clear()
    {
        Contributions.Clear();
        _transitions.Clear();
        _causes.Clear();
        (_restated, Deadline) = (null, long.MaxValue);
    }

    /// <summary>Takes note of a transition and of the place among the node's parts of the one that caused it.</summary>
    public void Add(AlertTransition transition, int cause)
    {
        _transitions.Add(transition);
        _causes.Add(cause);
    }

    /// <summary>Takes note of what a restatement did.</summary>
    public void Note(NodeRestatement restatement, ReadOnlySpan<BucketDelta> deltas)
    {
        foreach (ref readonly var delta in deltas)
        {
            Contributions.Add(delta);
        }

        var before = _restated ?? new NodeOutcome { IsApplied = true };
        _restated = before with
        {
            Corrections = [.. before.Corrections, .. restatement.Corrections],
            RefusedCorrections = before.RefusedCorrections + restatement.Refused,
            Collections = [.. before.Collections, .. restatement.Collections],
            Mismatches = before.Mismatches + restatement.Mismatches,
        };
    }

    /// <summary>What the call answers.</summary>
    public NodeOutcome ToOutcome(bool isRoot)
    {
        var (contributions, deadline) = (isRoot ? [] : Contributions.ToArray(), Deadline);
        if (_restated is null && _transitions.Count == 0)
        {
            return new NodeOutcome { IsApplied = true, Contributions = contributions, Deadline = deadline };
        }

        return (_restated ?? new NodeOutcome { IsApplied = true }) with
        {
            Contributions = contributions,
            Transitions = [.. _transitions],
            Causes = [.. _causes],
            Deadline = deadline,
        };
    }
}
