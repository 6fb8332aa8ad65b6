using Monitoring.Alerting;

namespace Monitoring.Partitions;

/// <summary>
/// Alert transitions on their way to one department, numbered 1, 2, 3… by this partition, so that the department can tell what it has.
/// Replaying the journal gives the same transitions the same numbers.
/// </summary>
internal sealed class Noticebox(string department)
{
    private readonly List<AlertTransition> _waiting = [];

    /// <summary>Id of the department.</summary>
    public string Department { get; } = department;

    /// <summary>Number of the last transition that is durable at the department.</summary>
    public long AcknowledgedNumber { get; private set; }

    /// <summary>Transitions that are not known to be durable at the department.</summary>
    public int Weight => _waiting.Count;

    /// <summary>True while the one loop that sends from here runs.</summary>
    public bool IsSending { get; set; }

    public void Add(AlertTransition transition) => _waiting.Add(transition);

    /// <summary>The next delivery, of at most so many transitions; null when nothing waits.</summary>
    public TransitionDelivery? Next(int sender, int limit) => _waiting.Count == 0
        ? null
        : new TransitionDelivery
        {
            Sender = sender,
            AfterNumber = AcknowledgedNumber,
            Transitions = [.. _waiting.Take(limit)],
        };

    /// <summary>A delivery is durable at the department.</summary>
    public void Acknowledge(TransitionDelivery delivery)
    {
        AcknowledgedNumber += delivery.Transitions.Length;
        _waiting.RemoveRange(0, delivery.Transitions.Length);
    }

    public StoredNoticebox Store() => new()
    {
        Department = Department,
        AcknowledgedNumber = AcknowledgedNumber,
        Waiting = [.. _waiting],
    };

    public void Restore(StoredNoticebox stored)
    {
        AcknowledgedNumber = stored.AcknowledgedNumber;
        _waiting.AddRange(stored.Waiting);
    }
}
