using Monitoring.Alerting;
using Monitoring.Partitions;

namespace Monitoring.Departments;

/// <summary>Something that waits for the next append to a log, and how its sender gets an answer.</summary>
internal abstract class AlertLogRequest
{
    /// <summary>Most entries it may add.</summary>
    public virtual int Weight => 1;

    /// <summary>Adds to a draft what it wants logged; the answer holds once that is durable.</summary>
    public abstract void Decide(AlertLogDraft draft);

    /// <summary>Gives the answer.</summary>
    public abstract void Complete();

    /// <summary>Answers with a failure.</summary>
    public abstract void Fail(Exception reason);
}

/// <summary>A request and the kind of its answer.</summary>
internal abstract class AlertLogRequest<TAnswer> : AlertLogRequest
{
    public TaskCompletionSource<TAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    protected TAnswer Decided { get; set; } = default!;

    public override void Complete() => Answer.TrySetResult(Decided);

    public override void Fail(Exception reason) => Answer.TrySetException(reason);
}

/// <summary>Transitions of a partition's nodes are to be logged.</summary>
internal sealed class AppendRequest(TransitionDelivery delivery) : AlertLogRequest<DeliveryStatus>
{
    public override int Weight => delivery.Transitions.IsDefault ? 0 : delivery.Transitions.Length;

    public override void Decide(AlertLogDraft draft) => Decided = draft.Append(delivery);
}

/// <summary>An alert is to be taken in hand; the answer is null when it is not open.</summary>
internal sealed class AcknowledgeRequest(AcknowledgeCommand command) : AlertLogRequest<Alert?>
{
    public override void Decide(AlertLogDraft draft) => Decided = draft.Acknowledge(command);
}
