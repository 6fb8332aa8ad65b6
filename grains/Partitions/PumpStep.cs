namespace Monitoring.Partitions;

/// <summary>The named steps on the way of an entry through a partition, and of what follows from it to its receivers.</summary>
internal enum PumpStep
{
    /// <summary>A round of mail was taken, nothing is decided yet.</summary>
    Received,

    /// <summary>Duplicates are dropped, the entry is not journaled yet.</summary>
    Decided,

    /// <summary>The entry is durable, nobody knows yet.</summary>
    Journaled,

    /// <summary>Senders have their answer, the entry is not applied yet.</summary>
    Answered,

    /// <summary>The partition is claimed, nothing is replayed yet.</summary>
    Claimed,

    /// <summary>An entry of an earlier activation is applied, more may follow.</summary>
    Replayed,

    /// <summary>A change of the dictionary is journaled, nothing of it is in force yet.</summary>
    Adopting,

    /// <summary>Some nodes have their part of an entry, others not yet.</summary>
    HalfApplied,

    /// <summary>All nodes have their part of an entry, what follows is not handed on yet.</summary>
    Applied,

    /// <summary>What follows from an entry waits to be sent.</summary>
    Concluded,

    /// <summary>A receiver told what it has, nothing is sent to it yet.</summary>
    Opened,

    /// <summary>Contributions are about to be sent.</summary>
    Sending,

    /// <summary>The receiver has journaled contributions, the sender acts as if it did not know.</summary>
    Sent,

    /// <summary>Contributions are acknowledged, the next are not merged yet.</summary>
    Acknowledged,

    /// <summary>Transitions are about to be sent.</summary>
    Notifying,

    /// <summary>A department has logged transitions, the sender acts as if it did not know.</summary>
    Notified,

    /// <summary>Some nodes gave away what a checkpoint stores, others not yet.</summary>
    Collecting,

    /// <summary>A checkpoint is complete, and not written yet.</summary>
    Collected,

    /// <summary>A checkpoint is durable, the partition acts as if it did not know.</summary>
    Stored,

    /// <summary>The partition closes: nothing more is journaled, not everything is applied.</summary>
    Closing,

    /// <summary>The partition closes: everything is applied, the last checkpoint is not taken yet.</summary>
    ClosingApplied,
}

/// <summary>
/// Is told of every step, at most a few times an entry and never per point. When it throws a <see cref="PartitionTakenOverException"/>,
/// the activation ends there, as if its process had died.
/// </summary>
internal interface IPumpObserver
{
    void Reached(int partition, long epoch, PumpStep step);
}
