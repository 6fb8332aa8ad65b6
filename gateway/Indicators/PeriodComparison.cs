using System.Collections.Immutable;
using Monitoring.Dictionary;
using Monitoring.Indicators;

namespace Monitoring.Gateway.Indicators;

/// <summary>A present period beside earlier ones.</summary>
/// <param name="Period">Which period.</param>
/// <param name="Workdays">Its working days.</param>
/// <param name="WorkdaysBegun">Those of them that have begun.</param>
/// <param name="Bases">What it is compared with.</param>
internal sealed record PeriodComparison(Period Period, int Workdays, int WorkdaysBegun, ImmutableArray<Comparison> Bases);

/// <summary>What a present period is compared with.</summary>
internal enum ComparisonBase
{
    /// <summary>The period before (环比).</summary>
    Previous = 1,

    /// <summary>The same period a year ago (同比).</summary>
    YearBefore = 2,

    /// <summary>One that lies some periods before.</summary>
    Back = 3,
}

/// <summary>How a change is to be seen.</summary>
internal enum Trend
{
    /// <summary>The indicator does not say whether more is better, there is nothing to compare, or nothing changed.</summary>
    Neutral = 0,

    /// <summary>For the better.</summary>
    Better = 1,

    /// <summary>For the worse.</summary>
    Worse = 2,
}

/// <summary>A present value beside an earlier one. Pure.</summary>
/// <param name="With">What it is compared with.</param>
/// <param name="Span">The part of the earlier period that counts.</param>
/// <param name="Value">Its value; null when there is none.</param>
/// <param name="Delta">Present value minus that one; null when one of them is missing.</param>
/// <param name="Percent">The same in percent of the earlier value's size; null also when that is 0.</param>
/// <param name="Trend">How the change is to be seen.</param>
internal sealed record Comparison(ComparisonBase With, PeriodWindow Span, double? Value, double? Delta, double? Percent, Trend Trend)
{
    /// <summary>How many periods before; 0 unless it is one of <see cref="ComparisonBase.Back"/>.</summary>
    public int PeriodsBack { get; init; }

    /// <summary>Compares two values.</summary>
    public static Comparison Of(ComparisonBase with, PeriodWindow span, double? present, double? earlier, BetterDirection better)
    {
        var delta = present - earlier;
        var percent = delta is null || earlier is null or 0 ? null : 100 * delta / Math.Abs(earlier.Value);
        var trend = (better, delta) switch
        {
            (BetterDirection.None, _) or (_, null or 0) => Trend.Neutral,
            (BetterDirection.Higher, > 0) or (BetterDirection.Lower, < 0) => Trend.Better,
            _ => Trend.Worse,
        };
        return new Comparison(with, span, earlier, delta, percent, trend);
    }
}
