using System.Diagnostics;
using Monitoring.Chaos.Faults;
using Monitoring.Chaos.Input;
using Monitoring.Chaos.Producers;
using Monitoring.Measuring;

namespace Monitoring.Chaos.Reporting;

/// <summary>What faults of one kind did to the acknowledgements. Seconds.</summary>
/// <param name="Kind">Which kind.</param>
/// <param name="Times">How often it was done.</param>
/// <param name="LongestStall">Longest time that any source waited for its next acknowledgement around such a fault.</param>
/// <param name="RecoveryP50">
/// Median time from a fault's beginning until every source had a batch acknowledged that was due after it began.
/// </param>
/// <param name="RecoveryMax">The longest such time.</param>
internal sealed record FaultSummary(FaultKind Kind, int Times, double LongestStall, double? RecoveryP50, double? RecoveryMax)
{
    /// <summary>Sums up all faults, by kind.</summary>
    /// <param name="faults">Faults as they were done.</param>
    /// <param name="ledgers">What the sources were told.</param>
    /// <param name="began">Timestamp of the load's beginning.</param>
    public static FaultSummary[] Of(IReadOnlyList<FaultRecord> faults, IReadOnlyList<SourceLedger> ledgers, long began) =>
    [
        .. from fault in faults
           group fault by fault.Fault.Kind into kind
           orderby kind.Key
           select Of(kind.Key, [.. kind], ledgers, began),
    ];

    private static FaultSummary Of(FaultKind kind, FaultRecord[] faults, IReadOnlyList<SourceLedger> ledgers, long began)
    {
        var recoveries = new Latencies();
        var stall = TimeSpan.Zero;
        foreach (var fault in faults)
        {
            var recovered = fault.Began;
            foreach (var ledger in ledgers)
            {
                recovered = Math.Max(recovered, RecoveryOf(fault, ledger.Arrivals, began));
            }

            recoveries.Add(Stopwatch.GetElapsedTime(fault.Began, recovered));
            foreach (var ledger in ledgers)
            {
                var longest = StallOf(ledger.Arrivals, fault.Began, Math.Max(recovered, fault.Ended));
                stall = longest > stall ? longest : stall;
            }
        }

        return new FaultSummary(
            kind, faults.Length, Math.Round(stall.TotalSeconds, 2), Seconds(recoveries.Percentile(0.5)), Seconds(recoveries.Percentile(1)));
    }

    private static double? Seconds(double? milliseconds) => milliseconds is { } value ? Math.Round(value / 1_000, 2) : null;

    private static long RecoveryOf(FaultRecord fault, IReadOnlyList<AckArrival> arrivals, long began)
    {
        var due = (long)(Stopwatch.GetElapsedTime(began, fault.Began).TotalMilliseconds / InputShape.IntervalMs);
        foreach (var arrival in arrivals)
        {
            if (arrival.At >= fault.Began && arrival.Sequence > due)
            {
                return arrival.At;
            }
        }

        return arrivals.Count == 0 ? fault.Ended : Math.Max(fault.Began, arrivals[^1].At);
    }

    /// <summary>Longest time between two acknowledgements that overlaps a span.</summary>
    private static TimeSpan StallOf(IReadOnlyList<AckArrival> arrivals, long from, long until)
    {
        var longest = TimeSpan.Zero;
        for (var index = 1; index < arrivals.Count; index++)
        {
            if (arrivals[index].At > from && arrivals[index - 1].At < until)
            {
                var gap = Stopwatch.GetElapsedTime(arrivals[index - 1].At, arrivals[index].At);
                longest = gap > longest ? gap : longest;
            }
        }

        return longest;
    }
}
