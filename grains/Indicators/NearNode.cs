namespace Monitoring.Indicators;

/// <summary>What a partition holds of a node near it. The node lets go of it when it ends, so that nothing of it stays in memory.</summary>
internal sealed class NearNode(IndicatorGrain node, IWorkItemScheduler scheduler) : INearNode
{
    private volatile IndicatorGrain? _node = node;
    private volatile IWorkItemScheduler? _scheduler = scheduler;

    public IWorkItemScheduler? Scheduler => _scheduler;

    public NodeOutcome Apply(NodeInput input) => _node?.ApplyInTurn(input) ?? NodeOutcome.NeedsState;

    /// <summary>The node has ended.</summary>
    public void Leave() => (_node, _scheduler) = (null, null);
}
