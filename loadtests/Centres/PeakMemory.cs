namespace Monitoring.Centres;

/// <summary>Memory of each kind of process, in bytes; null where there is none of the kind, or it runs elsewhere.</summary>
/// <param name="Gateway">Largest resident set of the gateway, with its silo when that is embedded.</param>
/// <param name="Silo">Largest resident set of the silo process.</param>
/// <param name="Database">What the processes of the PostgreSQL server have now; what they share counts once.</param>
internal sealed record PeakMemory(long Gateway, long? Silo, long? Database);
