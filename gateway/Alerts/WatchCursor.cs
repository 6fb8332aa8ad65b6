using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Monitoring.Gateway.Alerts;

/// <summary>
/// Positions in the logs of several departments, written as <c>noc:17,ga-ops:4</c>. Holds no state of a gateway, so that any gateway
/// can go on from it.
/// </summary>
internal sealed class WatchCursor(ImmutableArray<string> departments, long[] positions)
{
    /// <summary>Position of the department with this index.</summary>
    public long this[int index] => positions[index];

    /// <summary>Moves behind a log entry.</summary>
    public void MoveTo(int index, long position) => positions[index] = position;

    public override string ToString()
    {
        var text = new StringBuilder();
        for (var index = 0; index < departments.Length; index++)
        {
            text.Append(index == 0 ? string.Empty : ",")
                .Append(departments[index])
                .Append(':')
                .Append(CultureInfo.InvariantCulture, $"{positions[index]}");
        }

        return text.ToString();
    }

    /// <summary>Reads what <see cref="ToString"/> wrote; departments that are not watched are left out.</summary>
    /// <param name="text">The cursor.</param>
    /// <param name="departments">The departments that are watched.</param>
    /// <exception cref="ArgumentException">The text is malformed, or lacks a department.</exception>
    public static WatchCursor Parse(string text, ImmutableArray<string> departments)
    {
        var found = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var part in text.Split(','))
        {
            var cut = part.IndexOf(':', StringComparison.Ordinal);
            if (cut <= 0
                || !long.TryParse(part.AsSpan(cut + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var position)
                || !found.TryAdd(part[..cut], position))
            {
                throw new ArgumentException(
                    $"cursor '{Shorten(text)}' is malformed; expected the cursor of an earlier message, such as 'noc:17,ga-ops:4'",
                    nameof(text));
            }
        }

        var positions = new long[departments.Length];
        for (var index = 0; index < positions.Length; index++)
        {
            if (!found.TryGetValue(departments[index], out positions[index]))
            {
                throw new ArgumentException(
                    $"cursor '{Shorten(text)}' has no position for department '{departments[index]}'; start a watch of its own for it",
                    nameof(text));
            }
        }

        return new WatchCursor(departments, positions);
    }

    private static string Shorten(string text) => text.Length <= 200 ? text : string.Concat(text.AsSpan(0, 197), "...");
}
