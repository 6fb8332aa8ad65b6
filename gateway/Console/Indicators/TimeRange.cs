using System.Collections.Immutable;
using System.Globalization;
using Monitoring.Dictionary;

namespace Monitoring.Gateway.Console.Indicators;

/// <summary>The last so many minutes, hours or days; written as in <c>6h</c>.</summary>
/// <param name="Amount">1 or more.</param>
/// <param name="Unit">m, h or d.</param>
public readonly record struct TimeRange(int Amount, char Unit)
{
    /// <summary>Longest range, in days.</summary>
    public const int MaxDays = 400;

    /// <summary>What is shown when nothing was chosen.</summary>
    public static TimeRange Default { get; } = new(1, 'h');

    /// <summary>The ranges with a button of their own.</summary>
    public static ImmutableArray<TimeRange> Presets { get; } = [new(1, 'h'), new(6, 'h'), new(24, 'h'), new(7, 'd'), new(30, 'd')];

    /// <summary>Its length.</summary>
    public TimeSpan Length => Unit switch
    {
        'm' => TimeSpan.FromMinutes(Amount),
        'h' => TimeSpan.FromHours(Amount),
        _ => TimeSpan.FromDays(Amount),
    };

    /// <summary>True when it is not longer than <see cref="MaxDays"/>.</summary>
    public bool IsAllowed => Amount > 0 && Length.TotalDays <= MaxDays;

    /// <summary>Reads what <see cref="ToString"/> writes; anything else gives the default.</summary>
    public static TimeRange Parse(string? text)
    {
        if (text is { Length: >= 2 and <= 8 }
            && text[^1] is 'm' or 'h' or 'd'
            && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var amount)
            && amount <= 1_000_000
            && new TimeRange(amount, text[^1]) is { IsAllowed: true } range)
        {
            return range;
        }

        return Default;
    }

    /// <summary>The width of buckets that draws the range with at most so many values.</summary>
    /// <returns>Milliseconds: a multiple of the indicator's resolution, and a divisor of a rolling period when one is wide enough.</returns>
    public long ResolutionMs(IndicatorDefinition definition, int maxValues)
    {
        var unit = (long)definition.Resolution.TotalMilliseconds;
        var least = Math.Max(1, (long)Math.Ceiling(Length.TotalMilliseconds / maxValues / unit));
        var buckets = definition.Period.Kind == PeriodKind.Rolling ? (long)definition.Period.Length.TotalMilliseconds / unit : 0;
        for (var count = least; count <= buckets; count++)
        {
            if (buckets % count == 0)
            {
                return count * unit;
            }
        }

        // Widths people know, so that a bucket begins at a full minute, hour or day.
        ReadOnlySpan<int> familiar = [1, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400];
        foreach (var seconds in familiar)
        {
            if (seconds * 1_000L >= least * unit && seconds * 1_000L % unit == 0)
            {
                return seconds * 1_000L;
            }
        }

        return least * unit;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Amount}{Unit}");
}
