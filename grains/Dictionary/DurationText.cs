using System.Globalization;
using System.Text;

namespace Monitoring.Dictionary;

/// <summary>Durations as people write them: <c>90s</c>, <c>500ms</c>, <c>1h30m</c>; units d, h, m, s, ms, the greatest first.</summary>
internal static class DurationText
{
    /// <summary>What is allowed, for mistakes.</summary>
    public const string Allowed = "write whole numbers with units d, h, m, s or ms, the greatest first, for example 90s, 500ms or 1h30m";

    private const int MaxDigits = 9;
    private static readonly (string Unit, long Milliseconds)[] Units = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

    /// <summary>Reads a duration; a bare <c>0</c> is one too.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (text is "0")
        {
            return true;
        }

        var nextUnit = 0;
        while (!text.IsEmpty)
        {
            var digits = text.IndexOfAnyExceptInRange('0', '9');
            if (digits is <= 0 or > MaxDigits)
            {
                return false;
            }

            var letters = text[digits..].IndexOfAnyInRange('0', '9');
            var unit = letters < 0 ? text[digits..] : text.Slice(digits, letters);
            var index = IndexOf(unit);
            if (index < nextUnit)
            {
                return false;
            }

            var count = long.Parse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture);
            // At most nine digits of days, so this stays far below the greatest span after the check that follows.
            if (count * Units[index].Milliseconds + duration.TotalMilliseconds > TimeSpan.FromDays(1_000_000).TotalMilliseconds)
            {
                return false;
            }

            duration += TimeSpan.FromMilliseconds(count * Units[index].Milliseconds);
            nextUnit = index + 1;
            text = text[(digits + unit.Length)..];
        }

        return nextUnit > 0;
    }

    /// <summary>Writes what <see cref="TryParse"/> reads; for a non-negative duration of whole milliseconds.</summary>
    public static string Format(TimeSpan duration)
    {
        var rest = (long)duration.TotalMilliseconds;
        if (rest == 0)
        {
            return "0s";
        }

        var text = new StringBuilder();
        foreach (var (unit, milliseconds) in Units)
        {
            if (rest >= milliseconds)
            {
                text.Append(CultureInfo.InvariantCulture, $"{rest / milliseconds}{unit}");
                rest %= milliseconds;
            }
        }

        return text.ToString();
    }

    private static int IndexOf(ReadOnlySpan<char> unit)
    {
        for (var index = 0; index < Units.Length; index++)
        {
            if (unit.SequenceEqual(Units[index].Unit))
            {
                return index;
            }
        }

        return -1;
    }
}
