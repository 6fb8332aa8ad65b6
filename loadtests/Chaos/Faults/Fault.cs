namespace Monitoring.Chaos.Faults;

/// <summary>What can be done to the centre.</summary>
internal enum FaultKind
{
    /// <summary>A gateway is killed (SIGKILL), stays down for a while and starts again.</summary>
    KillGateway = 0,

    /// <summary>A gateway is stopped for a while (SIGSTOP, SIGCONT).</summary>
    PauseGateway = 1,

    /// <summary>A silo is killed, stays down for a while and starts again.</summary>
    KillSilo = 2,

    /// <summary>A silo is stopped for a while, so that others take over what it still believes to own when it wakes.</summary>
    PauseSilo = 3,

    /// <summary>The database is killed without a checkpoint, stays down for a while and recovers.</summary>
    KillDatabase = 4,

    /// <summary>The database is stopped for a while.</summary>
    PauseDatabase = 5,

    /// <summary>All silos, then all gateways, are asked to end (SIGTERM) and start again, one after the other.</summary>
    RollingRestart = 6,

    /// <summary>A silo is cut off from the other silos and the gateways for a while. It still reaches the database, and writes what others took over.</summary>
    CutSilo = 7,

    /// <summary>A silo is cut off from everything for a while.</summary>
    IsolateSilo = 8,
}

/// <summary>The kinds of process that make up the centre.</summary>
internal enum ProcessRole
{
    Database = 0,
    Silo = 1,
    Gateway = 2,
}

/// <summary>Something that is done to the centre.</summary>
/// <param name="At">When, from the beginning of the load.</param>
/// <param name="Kind">What.</param>
/// <param name="Target">Number of the process among those of its role, from 0; 0 where all are meant.</param>
/// <param name="Length">How long the process is down or stopped.</param>
internal readonly record struct Fault(TimeSpan At, FaultKind Kind, int Target, TimeSpan Length);
