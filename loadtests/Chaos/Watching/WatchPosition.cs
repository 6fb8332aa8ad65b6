using System.Globalization;

namespace Monitoring.Chaos.Watching;

/// <summary>Positions in one department's log, as cursors of a watch of this department alone write them: <c>areas:17</c>.</summary>
internal static class WatchPosition
{
    /// <summary>Reads a cursor.</summary>
    public static long Of(string cursor) => long.Parse(cursor.AsSpan(cursor.LastIndexOf(':') + 1), CultureInfo.InvariantCulture);

    /// <summary>The cursor of a position.</summary>
    public static string Cursor(string department, long position) => string.Create(CultureInfo.InvariantCulture, $"{department}:{position}");
}
