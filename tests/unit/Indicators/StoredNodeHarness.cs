using Monitoring.Dictionary;
using Monitoring.Infrastructure;

namespace Monitoring.Indicators;

/// <summary>
/// A node with its partition and its storage in a few lines: keeps rows and record of the last checkpoint and every input since, and
/// brings the node back from them.
/// </summary>
internal sealed class StoredNodeHarness(IndicatorDefinition definition)
{
    private readonly Dictionary<(long Resolution, long Start), Aggregate> _rows = [];
    private readonly List<NodeInput> _sinceCheckpoint = [];
    private readonly List<string> _outcomesSinceCheckpoint = [];
    private NodeRecord _record = new();

    public NodeState State { get; private set; } = new(definition, new NodeRecord(), Sample.Image());

    /// <summary>Stored buckets at the indicator's resolution.</summary>
    public Dictionary<long, Aggregate> Buckets => _rows
        .Where(row => row.Key.Resolution == (long)definition.Resolution.TotalMilliseconds)
        .ToDictionary(row => row.Key.Start, row => row.Value);

    public NodeOutcome Apply(NodeInput input)
    {
        var outcome = NodeCalculation.Apply(State, Sample.Node, input);
        _sinceCheckpoint.Add(input);
        _outcomesSinceCheckpoint.Add(Describe(outcome));
        return outcome;
    }

    public void TakeCheckpoint()
    {
        foreach (var row in State.TakeChanged(definition))
        {
            var key = (row.Resolution, row.Start);
            _rows[key] = row.IsAddition ? Aggregate.Merge(_rows.GetValueOrDefault(key), row.Aggregate) : row.Aggregate;
        }

        _record = State.ToStored();
        _sinceCheckpoint.Clear();
        _outcomesSinceCheckpoint.Clear();
    }

    /// <summary>Loads the node as a partition does, and replays; the replay must give what was given before.</summary>
    public void Crash()
    {
        var resolution = (long)definition.Resolution.TotalMilliseconds;
        var from = NodeState.KeepFrom(definition, _record.Clock);
        var daysFrom = NodeState.KeepDaysFrom(definition, _record.Clock);
        var loaded = _rows
            .Where(row => (row.Key.Resolution == resolution && row.Key.Start >= from)
                || (row.Key.Resolution == BucketRow.DayResolution && row.Key.Start >= daysFrom))
            .Select(row => new BucketRow { Resolution = row.Key.Resolution, Start = row.Key.Start, Aggregate = row.Value, IsAddition = false });
        State = new NodeState(definition, _record, Sample.Image([.. loaded]));
        Assert.Equal(_outcomesSinceCheckpoint, _sinceCheckpoint.Select(input => Describe(NodeCalculation.Apply(State, Sample.Node, input))));
    }

    private static string Describe(NodeOutcome outcome) =>
        $"{string.Join(';', outcome.Contributions)} {string.Join(';', outcome.Transitions)} {outcome.Deadline}";
}
