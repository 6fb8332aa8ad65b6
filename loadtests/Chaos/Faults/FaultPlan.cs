using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Monitoring.Chaos.Faults;

/// <summary>What the faults are planned for.</summary>
/// <param name="Seed">The same seed gives the same plan.</param>
/// <param name="Duration">No fault begins so late that it could not be over by then.</param>
/// <param name="Every">Mean time from one fault to the next.</param>
/// <param name="Silos">Number of silos; 0 when they live within the gateways.</param>
/// <param name="Gateways">Number of gateways, at least 1.</param>
/// <param name="HasDatabase">Whether there is a database process.</param>
/// <param name="HasCuts">Whether silos can be cut off.</param>
internal sealed record FaultPlanRequest(
    int Seed, TimeSpan Duration, TimeSpan Every, int Silos, int Gateways, bool HasDatabase, bool HasCuts);

/// <summary>
/// The schedule of faults: a pure function of what is asked. Faults of different roles may overlap; of one role at most one process is
/// taken at a time, and every process is back for a while before the next of its role is taken.
/// </summary>
internal static class FaultPlan
{
    /// <summary>No process is down or stopped for longer, but for the time it takes to start.</summary>
    public static readonly TimeSpan LongestFault = TimeSpan.FromSeconds(30);

    /// <summary>Time that a process has to start before the next one of its role is taken.</summary>
    public static readonly TimeSpan Recovery = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan _shortestPause = TimeSpan.FromSeconds(5);

    // Within this time the others have agreed that a silo is dead, and taken over what it owned.
    private static readonly TimeSpan _shortestCut = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan _longestDown = TimeSpan.FromSeconds(4);

    /// <summary>Plans.</summary>
    /// <returns>Faults in the order of their time.</returns>
    public static ImmutableArray<Fault> Create(FaultPlanRequest request)
    {
        var random = new Random(request.Seed);
        var kinds = KindsFor(request);
        var free = new Dictionary<ProcessRole, TimeSpan>();
        var waiting = new List<FaultKind>();
        var plan = ImmutableArray.CreateBuilder<Fault>();
        for (var at = Gap(random, request.Every); at < request.Duration; at += Gap(random, request.Every))
        {
            if (waiting.Count == 0)
            {
                // Every kind once before any comes again.
                waiting.AddRange(kinds);
                random.Shuffle(CollectionsMarshal.AsSpan(waiting));
            }

            var fits = waiting.FindIndex(kind => RolesOf(kind).All(role => free.GetValueOrDefault(role) <= at));
            if (fits < 0)
            {
                continue;
            }

            var fault = Plan(random, waiting[fits], at, request);
            if (at + fault.Length + Recovery > request.Duration)
            {
                continue;
            }

            waiting.RemoveAt(fits);
            plan.Add(fault);
            foreach (var role in RolesOf(fault.Kind))
            {
                free[role] = at + fault.Length + Recovery;
            }
        }

        return plan.ToImmutable();
    }

    /// <summary>The roles of the processes that a kind of fault touches.</summary>
    public static ImmutableArray<ProcessRole> RolesOf(FaultKind kind) => kind switch
    {
        FaultKind.KillGateway or FaultKind.PauseGateway => [ProcessRole.Gateway],
        FaultKind.KillSilo or FaultKind.PauseSilo or FaultKind.CutSilo or FaultKind.IsolateSilo => [ProcessRole.Silo],
        FaultKind.KillDatabase or FaultKind.PauseDatabase => [ProcessRole.Database],
        FaultKind.RollingRestart => [ProcessRole.Silo, ProcessRole.Gateway],
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a kind of fault."),
    };

    /// <summary>The kinds that can be done to such a centre.</summary>
    public static ImmutableArray<FaultKind> KindsFor(FaultPlanRequest request) =>
    [
        FaultKind.KillGateway,
        FaultKind.PauseGateway,
        FaultKind.RollingRestart,
        .. request.Silos > 0 ? [FaultKind.KillSilo, FaultKind.PauseSilo] : ImmutableArray<FaultKind>.Empty,
        .. request.HasDatabase ? [FaultKind.KillDatabase, FaultKind.PauseDatabase] : ImmutableArray<FaultKind>.Empty,
        .. request.HasCuts && request.Silos > 1 ? [FaultKind.CutSilo, FaultKind.IsolateSilo] : ImmutableArray<FaultKind>.Empty,
    ];

    private static Fault Plan(Random random, FaultKind kind, TimeSpan at, FaultPlanRequest request)
    {
        var target = random.Next(RolesOf(kind) switch
        {
            [ProcessRole.Gateway] => request.Gateways,
            [ProcessRole.Silo] => request.Silos,
            _ => 1,
        });
        var share = random.NextDouble();
        var length = kind switch
        {
            FaultKind.PauseGateway or FaultKind.PauseSilo or FaultKind.PauseDatabase => Between(_shortestPause, LongestPause(request), share),
            FaultKind.CutSilo or FaultKind.IsolateSilo => Between(_shortestCut, LongestPause(request), share),
            FaultKind.RollingRestart => TimeSpan.Zero,
            _ => share * _longestDown,
        };
        return new Fault(at, kind, target, length);
    }

    private static TimeSpan Between(TimeSpan least, TimeSpan most, double share) =>
        most > least ? least + (share * (most - least)) : least;

    /// <summary>A short run has short pauses, so that it has others besides.</summary>
    private static TimeSpan LongestPause(FaultPlanRequest request) =>
        TimeSpan.FromSeconds(Math.Clamp(request.Duration.TotalSeconds / 10, _shortestPause.TotalSeconds, LongestFault.TotalSeconds));

    private static TimeSpan Gap(Random random, TimeSpan every) => every * (0.5 + random.NextDouble());
}
