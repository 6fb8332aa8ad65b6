namespace Monitoring.Indicators;

/// <summary>
/// A node in the same process as its partition. It can be given turns without a message: they run on the actor's own scheduler, so that, as
/// with calls, only one at a time runs in it, and cost a fraction of a call.
/// </summary>
public interface INearNode
{
    /// <summary>Runs the turns of the actor, one after the other; null once the actor has ended.</summary>
    IWorkItemScheduler? Scheduler { get; }

    /// <summary>
    /// Does what <see cref="IIndicatorGrain.ApplyAsync"/> does; only within a turn of the actor. An actor that has ended, or may be about to,
    /// needs its state.
    /// </summary>
    NodeOutcome Apply(NodeInput input);
}
