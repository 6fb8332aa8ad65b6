namespace Monitoring.Centres;

/// <summary>CPU time of each kind of process, in seconds; null where there is none of the kind, or it runs elsewhere.</summary>
/// <param name="Gateway">The gateway, with its silo when that is embedded.</param>
/// <param name="Silo">The silo process.</param>
/// <param name="Database">All processes of the PostgreSQL server.</param>
/// <param name="Generator">This process.</param>
internal sealed record CpuTime(double Gateway, double? Silo, double? Database, double Generator)
{
    /// <summary>What the centre used, all but this process.</summary>
    public double Centre => Gateway + (Silo ?? 0) + (Database ?? 0);

    public static CpuTime operator -(CpuTime later, CpuTime earlier) => new(
        Math.Round(later.Gateway - earlier.Gateway, 2),
        later.Silo is { } silo ? Math.Round(silo - earlier.Silo ?? 0, 2) : null,
        later.Database is { } database ? Math.Round(database - earlier.Database ?? 0, 2) : null,
        Math.Round(later.Generator - earlier.Generator, 2));
}
